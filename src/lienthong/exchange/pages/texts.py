"""Texts of a page by dotted name, in Vietnamese and English, from a data file beside the module that shows it."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from lienthong.exchange.pages.language import LANGUAGES
from lienthong.exchange.pages.spans import say_instant, say_span


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one language."""

    package: str
    """Holds ``texts.json``: by language, nested by name."""
    language: str
    """``vi`` or ``en``."""

    def say(self, name: str, /, **values: str) -> str:
        """One text, filled."""
        return _table(self.package, self.language)[name][0].format(**values)

    def words(self, name: str, /, **values: str) -> tuple[str, ...]:
        """Texts that belong together, filled."""
        return tuple(text.format(**values) for text in _table(self.package, self.language)[name])

    def find(self, name: str, default: str) -> str:
        """One text where there is one."""
        return _table(self.package, self.language).get(name, (default,))[0]

    def ago(self, instant: datetime, now: datetime) -> str:
        """How long ago."""
        return self.say("ago", span=self.span(now - instant))

    def span(self, span: timedelta) -> str:
        """A span."""
        return say_span(span, self.language)

    def instant(self, instant: datetime) -> str:
        """A moment."""
        return say_instant(instant, self.language)

    @property
    def other(self) -> Texts:
        """The texts of the other language."""
        return Texts(self.package, next(language for language in LANGUAGES if language != self.language))


@cache
def _table(package: str, language: str) -> Mapping[str, tuple[str, ...]]:
    document = json.loads(importlib.resources.files(package).joinpath("texts.json").read_text("utf-8"))
    return dict(_flat(document[language], ""))


def _flat(node: object, name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _flat(value, f"{name}.{key}" if name else str(key))
    elif isinstance(node, list):
        yield name, tuple(map(str, node))
    else:
        yield name, (str(node),)
