"""docs/conformance.md is what was run; the README quotes it; nothing else claims that we fit another product."""

import re
from pathlib import Path

import pytest
from scripts.conformance import BEGIN, END, PAGE, Outcome, quote, read_report, summary
from scripts.conformance_table import CAPABILITIES, OUTSIDE_JUDGES, Capability
from tests.shared import ROOT

CLAIM = re.compile(
    r"X-Road[- ]compatible|compatible with|compatibility with|tương thích với|drop-in|interoperable with",
    re.IGNORECASE,
)
READERS = (
    "*.md",
    "docs/**/*.md",
    "pyproject.toml",
    "publiccode.yml",
    "src/**/*.py",
    "scripts/**/*",
    "benchmarks/**/*.md",
)
RESULT = re.compile(r"accepted \(\d+ tests\)|\*\*refused in \d+ of \d+\*\* \(\d+ tests\)|not run: \S")


def between_marks(page: Path) -> str:
    return page.read_text("utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def test_the_readme_quotes_the_page() -> None:
    assert between_marks(PAGE)
    assert between_marks(ROOT / "README.md").replace("(docs/conformance.md)", "(conformance.md)") == between_marks(PAGE)


def test_the_page_has_one_result_for_every_capability() -> None:
    rows = [
        line.strip("| ").split(" | ")
        for line in PAGE.read_text("utf-8").splitlines()
        if " | `" in line or "not run" in line
    ]
    results = {row[0]: row for row in rows if row[0] in {capability.name for capability in CAPABILITIES}}
    assert list(results) == [capability.name for capability in CAPABILITIES]
    for row in results.values():
        assert RESULT.match(row[4]), row
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row[3])


@pytest.mark.parametrize("capability", CAPABILITIES, ids=lambda capability: capability.name)
def test_its_tests_are_there(capability: Capability) -> None:
    assert capability.judge in OUTSIDE_JUDGES
    assert bool(capability.tests) != bool(capability.missing)
    for name in capability.tests:
        path, _, function = name.partition("[")[0].partition("::")
        assert (ROOT / path).exists()
        assert not function or f"def {function}(" in (ROOT / path).read_text("utf-8")


def test_every_judge_judges_something() -> None:
    assert {capability.judge for capability in CAPABILITIES} == set(OUTSIDE_JUDGES)


def test_nobody_else_claims_anything() -> None:
    pages = sorted(path for pattern in READERS for path in ROOT.glob(pattern) if path != PAGE and path.suffix != ".pyc")
    assert [str(p.relative_to(ROOT)) for p in pages if p.is_file() and CLAIM.search(p.read_text("utf-8"))] == []


def test_a_result_is_counted_from_the_report() -> None:
    report = b"""<testsuites><testsuite><testcase name="a"/><testcase name="b"><failure/></testcase>
        <testcase name="c"><skipped message="xmlsec1 is not installed"/></testcase></testsuite></testsuites>"""
    outcome = read_report(report)
    assert str(outcome) == "**refused in 1 of 2** (1 tests); 1 not run: xmlsec1 is not installed"
    assert str(Outcome(reasons=("there is none",))) == "not run: there is none"
    assert str(Outcome()) == "not run: no test was found"


def test_a_judge_that_saw_nothing_accepts_nothing() -> None:
    absent = [Outcome(reasons=("not installed",))] * len(CAPABILITIES)
    assert summary(absent, {}).startswith("0 of 0 capabilities")
    assert quote(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\nnew\n{END}\nb"
