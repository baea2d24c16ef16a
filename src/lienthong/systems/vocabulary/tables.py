"""Reading of the tables shipped with the package, and the one rule of validity."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


def read_table(name: str, package: str = "lienthong.systems.vocabulary") -> Iterator[dict[str, str]]:
    """Yield the rows of ``data/<name>`` of *package* as texts by column name."""
    text = files(package).joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a row of a table holds, both ends included; None leaves an end open."""

    since: date | None = None
    """First day in force."""
    until: date | None = None
    """Last day in force."""

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueError("a validity ends before it begins")

    def holds_on(self, day: date) -> bool:
        """Whether *day* lies inside."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


ALWAYS = Validity()
"""Open at both ends."""


def validity_of(row: dict[str, str]) -> Validity:
    """The validity in a row's ``valid_from`` and ``valid_until`` columns."""
    since, until = row["valid_from"], row["valid_until"]
    return Validity(date.fromisoformat(since) if since else None, date.fromisoformat(until) if until else None)
