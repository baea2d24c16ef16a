"""axe-core judges every page we make by WCAG 2.2 level AA: both languages, a small and a wide screen, light and dark."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.chromium import Browser, needs_chromium
from tests.browser.pages import PAGES
from tests.fakes.judges import axe_core
from tests.integration.systems.population_process import HEADERS, Running, running_population

from lienthong.exchange.pages import render_page

pytestmark = [pytest.mark.sockets, *needs_chromium]
on_every_screen = pytest.mark.parametrize("width", [360, 1280])
WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
"""axe-core's tags of the success criteria of levels A and AA."""
JUDGE = f"""axe.run(document, {{runOnly: {{type: "tag", values: {WCAG_2_2_AA}}}}}).then(found => [
  found.passes.length,
  found.violations.map(rule => rule.id + ": " + rule.nodes.map(node => node.html).join(" | "))])"""
LONGER_THAN_A_PAGE = 26


def judged(browser: Browser, address: str, width: int, scheme: str = "light") -> list[str]:
    """What axe-core finds wrong; it must have looked at something."""
    script = axe_core()
    browser.show(address, width=width, scheme=scheme)
    browser.run(f"{script};0")
    rules_met, violations = browser.run(JUDGE)
    assert rules_met >= 5
    found: list[str] = violations
    return found


def test_the_judge_sees_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "bad.html").write_text(
        "<!doctype html><html lang=vi><meta http-equiv=refresh content=30><img src=x>"
        "<p style='color:#aaa;background:#fff'>mờ</p><button style='width:9px;height:9px'></button>"
        "<button style='width:9px;height:9px'></button>"
    )
    rules = {line.partition(":")[0] for line in judged(browser, (tmp_path / "bad.html").as_uri(), 360)}
    expected = {"button-name", "color-contrast", "document-title", "image-alt", "meta-refresh", "target-size"}
    assert rules == expected


@on_every_screen
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_servers(browser: Browser, tmp_path: Path, name: str, language: str, width: int) -> None:
    document = tmp_path / "page.html"
    document.write_bytes(render_page(PAGES[name](language)))
    assert judged(browser, document.as_uri(), width) == []


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_population(tmp_path_factory.mktemp("population"), as_of="2020-08-31") as running:
        yield running


@pytest.fixture(scope="module")
def addresses(system: Running) -> dict[str, str]:
    """Every page of the register of people by what it shows."""
    (number, read), (_, unread) = (
        line.split() for line in system.command("own_access_links", "--first", "2").split("\n")[:2]
    )
    for _ in range(LONGER_THAN_A_PAGE):
        system.get(f"/persons/{number}", **HEADERS)
    return {
        "read": read,
        "earlier": f"{read}?before=3",
        "unread": unread,
        "not found": f"http://127.0.0.1:{system.port}/nowhere",
    }


@on_every_screen
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", ["read", "earlier", "unread", "not found"])
def test_pages_of_the_register_of_people(
    browser: Browser, addresses: dict[str, str], name: str, language: str, scheme: str, width: int
) -> None:
    assert judged(browser, in_language(addresses[name], language), width, scheme) == []


@on_every_screen
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_of_a_failure(
    browser: Browser, system: Running, addresses: dict[str, str], language: str, scheme: str, width: int
) -> None:
    with sqlite3.connect(system.config.parent / "data" / "records.sqlite3") as records:
        records.execute("alter table access_event rename to away")
        found = judged(browser, in_language(addresses["read"], language), width, scheme)
        title = browser.run("document.title")
        records.execute("alter table away rename to access_event")
    assert title.startswith({"vi": "Hệ thống gặp lỗi", "en": "The system failed"}[language])
    assert found == []


def in_language(address: str, language: str) -> str:
    """The address of the same page in that language."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"
