"""Counts what passed, as JSON for the page of conformance: ``pytest tests/live --conformance FILE``."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from tests.live.cases import GROUPS, cases
from tests.live.exceptions import DIVERGENCES, TEXTS

_PLAYED = re.compile(r".*::test_(?P<role>consumer|provider)\w*\[(?P<case>[\w./-]+)\]")
_RECORDED = re.compile(r".*::test_recorded_container\[.*\]")
_EXPORTED = re.compile(r".*::test_everything_ours_logged_as_(?P<role>\w+)_is_evidence")


class Results:
    """Takes every report of a run; writes the table at its end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tried: Counter[tuple[str, str]] = Counter()
        self._passed: Counter[tuple[str, str]] = Counter()
        self._exported: dict[str, int] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one test by group and role."""
        if report.when != "call":
            return
        if played := _PLAYED.fullmatch(report.nodeid):
            self._count((played["case"].partition("/")[0], played["role"]), passed=report.passed)
        elif _RECORDED.fullmatch(report.nodeid):
            self._count(("containers", "recorded"), passed=report.passed)
        elif (exported := _EXPORTED.fullmatch(report.nodeid)) and report.passed:
            self._exported[exported["role"]] = int(str(dict(report.user_properties)["containers"]))

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.table(), ensure_ascii=False, indent=2) + "\n", "utf-8")

    def table(self) -> dict[str, object]:
        """Group to counts, and every exception with its reason."""
        return {
            "groups": {group: self._group(group) for group in GROUPS},
            "containers": {
                "recorded": self._tried["containers", "recorded"],
                "recorded_valid": self._passed["containers", "recorded"],
                "exported_valid": self._exported,
            },
            "exceptions": [
                {"case": case, "role": role, "reason": divergence.reason}
                for (case, role), divergence in DIVERGENCES.items()
            ],
            "own_texts": [{"case": case, "role": role, "text": text} for (case, role), text in TEXTS.items()],
        }

    def _group(self, group: str) -> dict[str, int]:
        return {
            "cases": sum(case.group == group for case in cases()),
            "consumer": self._passed[group, "consumer"],
            "consumer_cases": self._tried[group, "consumer"],
            "provider": self._passed[group, "provider"],
            "provider_cases": self._tried[group, "provider"],
        }

    def _count(self, key: tuple[str, str], *, passed: bool) -> None:
        self._tried[key] += 1
        self._passed[key] += passed
