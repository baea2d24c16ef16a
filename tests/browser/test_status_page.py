"""The servers' pages in a real browser: nothing runs over the edge of a small screen, every text can be read."""

import re
import shutil
import subprocess
from datetime import timedelta
from html import escape
from pathlib import Path

import pytest
from tests.fakes import instances
from tests.fakes import server_facts as given
from tests.fakes.instance_seen import NOW

from lienthong.exchange.central.publication import PublicationStatus
from lienthong.exchange.central.status_page import central_page
from lienthong.exchange.pages import Page, render_page
from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.status.facts import CycleFacts, DiskFacts
from lienthong.exchange.security.status.page import status_page

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(BROWSER is None, reason="Debian package chromium is not installed"),
]
LONG = "CN=" + "khong-co-dau-cach" * 8
BAD = given.server(
    workers=0,
    disk=DiskFacts(instance="VN", configuration_problem=LONG, keys=(given.key(problem=LONG), given.key())),
    timestamps=TimestampState(has_tsa=False, problem=LONG),
    cycles=tuple(CycleFacts(name=n, problem=LONG) for n in ("configuration", "ocsp", "timestamp", "index")),
    failures=(given.failure(), given.failure(fault_code="server.clientproxy.service_failed." + "x" * 60)),
)
PUBLISHED = PublicationStatus(at=NOW, success=True, expires=NOW + timedelta(minutes=9))
PROBE = """<iframe style="border:0" width="{width}" height="900" srcdoc="{page}"></iframe><script>
onload = () => {{
  const light = text => {{
    const parts = text.match(/[\\d.]+/g).map(Number);
    const [r, g, b] = parts.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  }};
  const doc = frames[0].document, view = frames[0];
  let worst = 21;
  for (const node of doc.body.querySelectorAll("*")) {{
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    let ground = node;
    while (ground && /, 0\\)$|transparent/.test(view.getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const pair = [view.getComputedStyle(node).color, view.getComputedStyle(ground || doc.body).backgroundColor].map(light);
    worst = Math.min(worst, (Math.max(...pair) + .05) / (Math.min(...pair) + .05));
  }}
  const link = doc.querySelector("a");
  link.focus({{focusVisible: true}});
  const outline = parseFloat(view.getComputedStyle(link).outlineWidth);
  const root = doc.documentElement;
  document.title = [root.scrollWidth - root.clientWidth, worst.toFixed(2), outline].join(" ");
}};
</script>"""
"""A frame as wide as the screen in question: windows themselves are never narrower than 500 px without a display.
Measures what runs over the edge, the least contrast of any text with its ground (WCAG 2.2 s.1.4.3), and the outline of a focused link."""

PAGES = {
    "good": lambda language: status_page(given.server(failures=(given.failure(),)), language),
    "bad": lambda language: status_page(BAD, language),
    "central": lambda language: central_page(instances.registry(), PUBLISHED, now=NOW, language=language),
}


def measured(page: Page, width: int, folder: Path) -> tuple[int, float, float]:
    frame = PROBE.format(width=width, page=escape(render_page(page).decode()))
    document = folder / "page.html"
    document.write_text(f"<!doctype html><meta charset='utf-8'><title>-</title>{frame}", encoding="utf-8")
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        document.as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    found = re.search(r"<title>(\d+) ([\d.]+) ([\d.]+)</title>", dom)
    assert found is not None
    return int(found[1]), float(found[2]), float(found[3])


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_and_can_be_read(name: str, language: str, width: int, tmp_path: Path) -> None:
    over, contrast, outline = measured(PAGES[name](language), width, tmp_path)
    assert over == 0
    assert contrast >= 4.5
    assert outline >= 2
