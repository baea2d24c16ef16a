"""The citizen's page in a real browser: nothing runs over the edge of a small screen, in both languages."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from tests.integration.systems.population_process import HEADERS, Running, running_population

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.sockets,
    pytest.mark.system,
    pytest.mark.skipif(BROWSER is None, reason="Debian package chromium is not installed"),
]
FRAME = (
    '<iframe style="border:0" width="{width}" height="900" srcdoc="{page}"></iframe>'
    "<script>onload=()=>{{const e=frames[0].document.documentElement;"
    "document.title=e.scrollWidth+'/'+e.clientWidth}}</script>"
)
"""A frame as wide as the screen in question: windows themselves are never narrower than 500 px without a display."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_population(tmp_path_factory.mktemp("population"), as_of="2020-08-31") as running:
        yield running


def _standalone(system: Running, query: str) -> str:
    """The page with its style sheet inside."""
    number, link = system.command("own_access_links", "--first", "1").split()
    long_words = {"X-Road-UserId": "can-bo-tiep-nhan-" * 4, "X-Road-Issue": "000.00.14.H10-200821-0002-" * 3}
    system.get(f"/persons/{number}", **{**HEADERS, **long_words})
    page = system.get(link.split(str(system.port))[1] + query)[1].decode()
    style = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert style is not None
    css = system.get(style[1])[1].decode()
    return page.replace(style[0], f"<style>{css}</style>")


@pytest.mark.parametrize("query", ["", "?lang=en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_runs_over_the_edge(system: Running, tmp_path: Path, query: str, width: int) -> None:
    frame = FRAME.format(width=width, page=escape(_standalone(system, query)))
    (tmp_path / "page.html").write_text(
        f"<!doctype html><meta charset='utf-8'><title>-</title>{frame}", encoding="utf-8"
    )
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
        "--dump-dom",
        (tmp_path / "page.html").as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    measured = re.search(r"<title>(\d+)/(\d+)</title>", dom)
    assert measured is not None
    needed, given = int(measured[1]), int(measured[2])
    assert width - 20 <= given <= width  # a scroll bar may take its part
    assert needed == given
