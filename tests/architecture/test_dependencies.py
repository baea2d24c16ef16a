"""Charter 49: every dependency stands in the table of decisions: what it replaces, who keeps it, how we leave it."""

import re
from pathlib import Path

import pytest
from tests.shared import ROOT

REQUIREMENTS = sorted((ROOT / "requirements").glob("*.in"))
DECISIONS = ROOT / "docs" / "adr"
TABLE = (DECISIONS / "README.md").read_text("utf-8").partition("## Dependencies")[2]
ROWS = {
    cells[0]: cells[1:]
    for line in TABLE.splitlines()
    if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6
}


def named_in(path: Path) -> list[str]:
    """The names that a requirements file lists itself."""
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [re.split(r"[\[<>=~!; ]", line)[0].lower() for line in lines if line and not line.startswith("-")]


@pytest.mark.parametrize("name", sorted({name for path in REQUIREMENTS for name in named_in(path)}))
def test_a_decision_covers_it(name: str) -> None:
    assert name in ROWS, f"{name} has no row in docs/adr/README.md"
    decision, *reasons = ROWS[name]
    assert all(reasons)
    page = re.search(r"\((.+\.md)\)", decision)
    assert page is not None
    assert name in (DECISIONS / page[1]).read_text("utf-8").lower()


def test_no_row_outlives_its_dependency() -> None:
    chosen = {name for path in REQUIREMENTS for name in named_in(path)}
    assert set(ROWS) - {"dependency", "---"} - chosen == set()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.stem)
def test_pins_carry_hashes_and_name_no_address(path: Path) -> None:
    pins = path.with_suffix(".txt").read_text("utf-8")
    assert "://" not in pins
    assert "--index-url" not in pins
    entries = [block for block in re.split(r"\n(?=[a-z0-9])", pins) if "==" in block.split("\n")[0]]
    assert entries
    assert [block.split("\n")[0] for block in entries if "--hash=sha256:" not in block] == []


def test_every_decision_is_listed() -> None:
    listed = (DECISIONS / "README.md").read_text("utf-8")
    assert [page.name for page in sorted(DECISIONS.glob("0*.md")) if f"({page.name})" not in listed] == []
