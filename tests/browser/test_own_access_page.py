"""The citizen's page in a real browser: nothing runs over the edge of a small screen, in both languages."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.systems.population_process import HEADERS, Running, running_population

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.sockets,
    pytest.mark.system,
    pytest.mark.skipif(BROWSER is None, reason="Debian package chromium is not installed"),
]
MEASURE = "<script>document.title=document.documentElement.scrollWidth+'/'+innerWidth</script>"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_population(tmp_path_factory.mktemp("population"), as_of="2020-08-31") as running:
        yield running


def _standalone(system: Running, query: str) -> str:
    """The page with its style sheet inside and a script that measures it."""
    number, link = system.command("own_access_links", "--first", "1").split()
    long_words = {"X-Road-UserId": "can-bo-tiep-nhan-" * 4, "X-Road-Issue": "000.00.14.H10-200821-0002-" * 3}
    system.get(f"/persons/{number}", **{**HEADERS, **long_words})
    page = system.get(link.split(str(system.port))[1] + query)[1].decode()
    style = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert style is not None
    css = system.get(style[1])[1].decode()
    return page.replace(style[0], f"<style>{css}</style>").replace("</body>", f"{MEASURE}</body>")


@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_runs_over_the_edge(system: Running, tmp_path: Path, query: str, width: int) -> None:
    (tmp_path / "page.html").write_text(_standalone(system, query), encoding="utf-8")
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--window-size={width},900",
        "--dump-dom",
        (tmp_path / "page.html").as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    measured = re.search(r"<title>(\d+)/(\d+)</title>", dom)
    assert measured is not None
    needed, given = int(measured[1]), int(measured[2])
    assert needed <= given
    assert given <= max(width, 500)  # some headless builds refuse windows narrower than 500 px
