"""Texts that exist in both languages of the platform, so that a reader always meets their own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language pages and answers are written in; the value is its BCP 47 tag."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or word, in Vietnamese and in English."""

    vi: str
    """Official Vietnamese wording, with diacritics."""
    en: str
    """English wording."""

    def to(self, language: Language) -> str:
        """The wording in *language*."""
        return self.vi if language is Language.VIETNAMESE else self.en

    def filled(self, **values: str) -> Text:
        """This text with its ``{named}`` places filled in both languages."""
        return Text(self.vi.format(**values), self.en.format(**values))


def preferred_language(accept_language: str) -> Language:
    """The language of ours an ``Accept-Language`` value asks for first; Vietnamese when it names neither.

    Source: RFC 9110 s.12.5.4 (weights; ``*`` and ties fall to Vietnamese, the official language).
    """
    best, best_weight = Language.VIETNAMESE, 0.0
    for item in accept_language[:200].split(","):
        tag, _, parameter = item.partition(";")
        language = _LANGUAGES.get(tag.strip().lower().partition("-")[0])
        weight = _weight(parameter)
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


_LANGUAGES = {language.value: language for language in Language}


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0
