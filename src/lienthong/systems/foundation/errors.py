"""Errors of the shared plumbing.

FoundationError
├── ConfigurationError     a configuration file cannot be used; the message names the key and the cure
└── Refused                an operation refuses its caller; carries the problem the edge turns into JSON
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lienthong.systems.foundation.operations.problems import Problem


class FoundationError(Exception):
    """Root of everything this room raises."""


class ConfigurationError(FoundationError):
    """A configuration file that cannot be used."""


class Refused(FoundationError):
    """An operation refuses its caller."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem
