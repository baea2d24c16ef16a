"""What a fault code means and what helps: cause and cure in Vietnamese and English, from a data file.

Source: message-path dossier s.8.1, s.8.2.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Advice:
    """A fault code for people."""

    cause: str
    """What is behind it."""
    cure: str
    """What helps."""


def advice_for(fault_code: str, language: str) -> Advice:
    """The advice of the longest ending of *fault_code* that the table knows; a general one for codes it does not."""
    words = fault_code.split(".")
    for start in range(len(words) + 1):
        found = _table().get(".".join(words[start:]))
        if found is not None:
            return Advice(*found[language])
    raise AssertionError("the table has an entry for the empty ending")


def known_endings() -> frozenset[str]:
    """Every ending of a fault code that has advice of its own."""
    return frozenset(_table()) - {""}


@cache
def _table() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    found: Mapping[str, Mapping[str, tuple[str, str]]] = json.loads(
        importlib.resources.files(__package__).joinpath("advice.json").read_text("utf-8")
    )
    return found
