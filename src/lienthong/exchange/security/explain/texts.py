"""Verdicts in words: cause and cure in Vietnamese and English, from a data file."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from lienthong.exchange.pages import say_instant, say_span
from lienthong.exchange.security.explain.verdicts import Outcome, Step, Value, Verdict


@dataclass(frozen=True, slots=True)
class Words:
    """A verdict for people."""

    cause: str
    """What is so, and why."""
    cure: str
    """What to do; empty where nothing needs doing."""


def words_of(verdict: Verdict, language: str) -> Words:
    """Cause and cure of a verdict."""
    texts = _texts()["reasons"][verdict.reason][language]
    filled = {name: _say(value, language) for name, value in verdict.values.items()}
    return Words(texts["cause"].format_map(filled), texts.get("cure", "").format_map(filled))


def name_of(step: Step, language: str) -> str:
    """A step's name."""
    return str(_texts()["steps"][step.value][language])


def word_for(outcome: Outcome, language: str) -> str:
    """An outcome in one or two words."""
    return str(_texts()["outcomes"][outcome.value][language])


def known_reasons() -> frozenset[str]:
    """Every reason that has a text."""
    return frozenset(_texts()["reasons"])


def _say(value: Value, language: str) -> str:
    match value:
        case datetime():
            return say_instant(value, language)
        case timedelta():
            return say_span(value, language)
        case _:
            return str(value)


@cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]:
    found: Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]] = json.loads(
        importlib.resources.files(__package__).joinpath("texts.json").read_text("utf-8")
    )
    return found
