"""Errors of the shared words.

VocabularyError
├── PersonNumberError      a text is no personal identification number; carries the faults found
├── AgencyCodeError        a text is no agency code
├── UnitsUnknownError      no table of administrative units covers the day asked about
└── TermUnknownError       no such term or code on the day asked about
"""

from __future__ import annotations

from lienthong.systems.vocabulary.bilingual import Text


class VocabularyError(ValueError):
    """Root of everything this room raises; ``explanation`` tells a person what to do."""

    def __init__(self, explanation: Text) -> None:
        super().__init__(explanation.en)
        self.explanation = explanation


class PersonNumberError(VocabularyError):
    """A text that is no personal identification number."""


class AgencyCodeError(VocabularyError):
    """A text that is no agency code."""


class UnitsUnknownError(VocabularyError):
    """No table of administrative units covers the day."""


class TermUnknownError(VocabularyError):
    """No such term or code on the day."""
