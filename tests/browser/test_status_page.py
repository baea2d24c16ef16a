"""The servers' pages in a real browser: nothing runs over the edge of a small screen, every text can be read."""

from pathlib import Path

import pytest
from tests.browser.chromium import Browser, needs_chromium
from tests.browser.pages import PAGES

from lienthong.exchange.pages import render_page

pytestmark = needs_chromium
MEASURE = """(() => {
  const light = text => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    const [r, g, b] = parts.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  let worst = 21;
  for (const node of document.body.querySelectorAll("*")) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.data.trim())) continue;
    let ground = node;
    while (ground && /, 0\\)$|transparent/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
    const pair = [getComputedStyle(node).color, getComputedStyle(ground || document.body).backgroundColor].map(light);
    worst = Math.min(worst, (Math.max(...pair) + .05) / (Math.min(...pair) + .05));
  }
  const link = document.querySelector("a");
  link.focus({focusVisible: true});
  const root = document.documentElement;
  return [root.scrollWidth - root.clientWidth, worst, parseFloat(getComputedStyle(link).outlineWidth)];
})()"""
"""What runs over the edge, the least contrast of any text with its ground (WCAG 2.2 s.1.4.3), the outline of a focused link."""


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_and_can_be_read(browser: Browser, tmp_path: Path, name: str, language: str, width: int) -> None:
    document = tmp_path / "page.html"
    document.write_bytes(render_page(PAGES[name](language)))
    browser.show(document.as_uri(), width=width)
    over, contrast, outline = browser.run(MEASURE)
    assert over == 0
    assert contrast >= 4.5
    assert outline >= 2
