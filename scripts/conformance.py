"""``make conformance``: runs every outside judge and writes docs/conformance.md; the README quotes its summary.

Each result is counted from the report of a run that this program made; nothing is typed. A judge that is not here is
"not run", with the reason that the tests gave.
"""

from __future__ import annotations

import json
import platform
import shlex
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from scripts.conformance_table import CAPABILITIES, LIVE_COUNTS, OUTSIDE_JUDGES, Capability, Judge

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "conformance.md"
README = ROOT / "README.md"
REPORTS = ROOT / "build" / "conformance"
ROLES = ("consumer", "provider")
BEGIN, END = "<!-- conformance: written by make conformance -->", "<!-- end of conformance -->"
Live = dict[str, Any]
"""The replay's counts, as ``tests/live/results.py`` writes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the tests of one capability said."""

    passed: int = 0
    failed: int = 0
    reasons: tuple[str, ...] = ()
    """Why tests did not run."""

    @property
    def accepted(self) -> bool:
        """Whether the judge has seen something and refused nothing."""
        return self.passed > 0 and self.failed == 0

    def __str__(self) -> str:
        if not self.passed and not self.failed:
            return f"not run: {'; '.join(self.reasons) or 'no test was found'}"
        verdict = "accepted" if self.accepted else f"**refused in {self.failed} of {self.passed + self.failed}**"
        left_out = f"; {len(self.reasons)} not run: {self.reasons[0]}" if self.reasons else ""
        return f"{verdict} ({self.passed} tests){left_out}"


def main() -> int:
    """Run all, write page and README; 1 when a judge refused something."""
    outcomes = []
    (ROOT / LIVE_COUNTS).unlink(missing_ok=True)
    for number, capability in enumerate(CAPABILITIES):
        outcomes.append(examine(capability, REPORTS / f"{number:02}.xml"))
        print(f"{capability.name}: {outcomes[-1]}", flush=True)
    live = read_live()
    PAGE.write_text(render(outcomes, live), "utf-8")
    README.write_text(quote(README.read_text("utf-8"), summary(outcomes, live)), "utf-8")
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def examine(capability: Capability, report: Path) -> Outcome:
    """Run the tests of one capability and count what they say."""
    if not capability.tests:
        return Outcome(reasons=(capability.missing,))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.unlink(missing_ok=True)
    subprocess.run(command(capability, report), cwd=ROOT, capture_output=True, check=False)
    return read_report(report.read_bytes()) if report.exists() else Outcome(failed=1)


def command(capability: Capability, report: Path | None = None) -> list[str]:
    """The command that runs the tests of a capability."""
    words = ["-m", "pytest", *capability.tests, *capability.options]
    if report is None:
        return [".venv/bin/python", *words]
    return [sys.executable, *words, f"--junitxml={report}", "-o", "junit_family=xunit1"]


def read_report(report: bytes) -> Outcome:
    """Count a JUnit report of pytest."""
    results, reasons = Counter[bool](), Counter[str]()
    for case in ElementTree.fromstring(report).iter("testcase"):  # noqa: S314 - pytest wrote it for us
        skipped = case.find("skipped")
        if skipped is not None:
            reasons[skipped.get("message", "")] += 1
        else:
            results[case.find("failure") is None and case.find("error") is None] += 1
    return Outcome(passed=results[True], failed=results[False], reasons=tuple(reasons.elements()))


def version_of(judge: Judge) -> str:
    """What a judge says about itself."""
    if len(judge.version) == 1:
        return judge.version[0]
    try:
        done = subprocess.run(judge.version, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return "not installed"
    said = (done.stdout + done.stderr).strip().splitlines()
    return textwrap.shorten(said[0], 70, placeholder=" …") if done.returncode == 0 else "not installed"


def summary(outcomes: Sequence[Outcome], live: Live) -> str:
    """What the README quotes."""
    judged = [o for o in outcomes if o.passed or o.failed]
    words = (
        f"{sum(o.accepted for o in judged)} of {len(judged)} capabilities are accepted by judges that nobody here "
        f"wrote; {len(outcomes) - len(judged)} could not be judged where this was made."
    )
    groups = live.get("groups", {}).values()
    for role in ROLES if groups else ():
        same, played = sum(group[role] for group in groups), sum(group[f"{role}_cases"] for group in groups)
        words += f" Recordings of genuine X-Road servers, in the {role}'s role: "
        words += f"{same} of {played} as recorded, or as listed."
    return f"{words} [Which, by whom, when](docs/conformance.md)."


def read_live() -> Live:
    """The counts of the replay; empty where it did not run."""
    path = ROOT / LIVE_COUNTS
    return json.loads(path.read_bytes()) if path.exists() else {}


def render(outcomes: Sequence[Outcome], live: Live) -> str:
    """The whole page."""
    now = datetime.now(UTC)
    lines = [
        "# What others say of our output",
        "",
        "Written by `make conformance`; do not edit. Every result is counted from a run that it made.",
        "X-Road is a trademark of NIIS; this project is independent of it, and nobody has certified it.",
        "",
        BEGIN,
        summary(outcomes, live).replace("(docs/conformance.md)", "(conformance.md)"),
        END,
        "",
        f"Made on {now:%Y-%m-%d %H:%M} UTC from commit `{commit()}`, on {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}.",
        "",
        "| capability | judge | version | date | result | command |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for capability, outcome in zip(CAPABILITIES, outcomes, strict=True):
        judge = OUTSIDE_JUDGES[capability.judge]
        words = f"`{shlex.join(command(capability))}`" if capability.tests else ""
        cells = (capability.name, judge.name, version_of(judge), f"{now:%Y-%m-%d}", str(outcome), words)
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join([*lines, "", *recordings(live), ""])


def recordings(live: Live) -> list[str]:
    """Counts by group, and where ours differs on purpose."""
    if not live:
        return ["The recordings were not replayed: they are not beside this checkout."]
    containers, groups = live["containers"], live["groups"].items()
    lines = [
        "## Recorded exchanges of genuine servers",
        "",
        "Ours takes one server's place, its partner is played from the recording; verdict and bytes must be the same,",
        "but for what is free (boundaries, ids, dates, sizes of chunks, order of unsigned headers). The recorded",
        "provider wrote SOAP answers anew to put the request hash into them; ours changes no other byte of what",
        "the service answered, and each case checks that. The same, of all:",
        "",
        "| group | consumer's role | provider's role |",
        "| --- | --- | --- |",
        *(f"| {name} | {' | '.join(_share(group, role) for role in ROLES)} |" for name, group in groups),
        "",
        f"`evidence verify` finds {containers['recorded_valid']} of {containers['recorded']} containers valid that",
        f"genuine servers exported, and all that ours exported: {containers['exported_valid']['consumer']} as the",
        f"consumer's, {containers['exported_valid']['provider']} as the provider's.",
        "",
        "Ours differs on purpose in these cases; each counts as the same only when it differs in exactly this way.",
        "",
        "| case | role | reason |",
        "| --- | --- | --- |",
        *(f"| {row['case']} | {row['role']} | {row['reason']} |" for row in live["exceptions"]),
    ]
    texts = live.get("own_texts", [])
    return [*lines, "", f"In {len(texts)} more, code and place are the same and the words of the refusal are ours."]


def _share(group: dict[str, int], role: str) -> str:
    return f"{group[role]} of {group[f'{role}_cases']}"


def quote(text: str, words: str) -> str:
    """A page with the summary between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{words}\n{END}{after}"


def commit() -> str:
    """The commit that was judged, with a mark where files differ from it."""
    words = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


if __name__ == "__main__":
    raise SystemExit(main())
