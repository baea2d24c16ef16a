"""The citizen's page in a real browser: nothing runs over the edge of a small screen, in both languages."""

from collections.abc import Iterator

import pytest
from tests.browser.chromium import Browser, needs_chromium
from tests.integration.systems.population_process import HEADERS, running_population

pytestmark = [pytest.mark.sockets, *needs_chromium]
LONG_WORDS = {"X-Road-UserId": "can-bo-tiep-nhan-" * 4, "X-Road-Issue": "000.00.14.H10-200821-0002-" * 3}


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_population(tmp_path_factory.mktemp("population"), as_of="2020-08-31") as system:
        number, link = system.command("own_access_links", "--first", "1").split()
        system.get(f"/persons/{number}", **{**HEADERS, **LONG_WORDS})
        yield link


@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_runs_over_the_edge(browser: Browser, link: str, query: str, width: int) -> None:
    browser.show(link + query, width=width)
    assert LONG_WORDS["X-Road-Issue"] in browser.run("document.body.innerText")
    needed, given = browser.run("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width - 20 <= given <= width  # a scroll bar may take its part
    assert needed == given
