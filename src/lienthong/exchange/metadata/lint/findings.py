"""One thing that is wrong with a description: where, how bad, why, and what helps."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    """Calls will fail, or the description cannot be used."""
    WARNING = "warning"
    """Some callers will have trouble."""
    NOTE = "note"
    """Good practice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken rule at one place."""

    rule: str
    """Its name in ``rules.json``."""
    line: int | None = None
    """From 1; None where it is not known."""
    pointer: str = ""
    """JSON pointer of an OpenAPI document; empty for its root, and in WSDL. Source: RFC 6901."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What the words tell of."""

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return severity_of(self.rule)

    @property
    def place(self) -> str:
        """Line and pointer, as far as they are known."""
        return ":".join(part for part in ("" if self.line is None else str(self.line), self.pointer) if part)


@dataclass(frozen=True, slots=True)
class Words:
    """A finding for people."""

    cause: str
    """What is wrong."""
    cure: str
    """What helps."""


def words_of(finding: Finding, language: str) -> Words:
    """Cause and cure of a finding in ``vi`` or ``en``."""
    cause, cure = _table()[finding.rule][language]
    return Words(cause.format_map(finding.values), cure.format_map(finding.values))


def severity_of(rule: str) -> Severity:
    """How bad it is to break a rule."""
    return Severity(_table()[rule]["severity"])


def known_rules() -> frozenset[str]:
    """Every rule that has words."""
    return frozenset(_table())


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads(
        importlib.resources.files(__package__).joinpath("rules.json").read_text("utf-8")
    )
    return found
