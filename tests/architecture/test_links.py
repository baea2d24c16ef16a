"""Every link of a page leads somewhere, and every path that a page names in backticks is there."""

import re
from pathlib import Path

import pytest
from tests.shared import ROOT

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "tests").rglob("*.md"),
        ROOT / "requirements/README.md",
    ]
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(
    r"`((?:src|tests|docs|scripts|benchmarks|requirements|exchange|trust|systems|nation|cli|security|central|message"
    r"|serverconf|globalconf|transport|messagelog|metadata|adapters|connector|pages)/[\w./-]+)`"
)
TEST = re.compile(r"`(tests/[\w./-]+\.py)::(\w+)`")
BASES = [ROOT, ROOT / "src" / "lienthong", ROOT / "src" / "lienthong" / "exchange"]
"""Where a path that a page names may begin: the checkout, the package, the layer that most pages are about."""
MADE = ("docs/conformance.md",)


def anchor(heading: str) -> str:
    """A heading as the part of a link behind ``#``."""
    words = re.sub(r"[^\w\- ]", "", heading.strip("# ").lower())
    return words.replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, part = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        headings = (
            [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")] if path.is_file() else []
        )
        if not path.exists() or (part and part not in map(anchor, headings)):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_paths_named_are_there(page: Path) -> None:
    named = NAMED.findall(page.read_text("utf-8"))
    assert [path for path in named if path not in MADE and not any((base / path).exists() for base in BASES)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tests_named_are_there(page: Path) -> None:
    named = TEST.findall(page.read_text("utf-8"))
    assert [name for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")] == []
