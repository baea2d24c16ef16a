"""Fills the sentences of the story in both languages at once."""

from __future__ import annotations

from lienthong.systems.vocabulary.bilingual import Text


def fill(text: Text, **values: Text | str | int) -> Text:
    """*text* with its ``{named}`` places filled, each in its own language."""
    in_vi = {name: value.vi if isinstance(value, Text) else value for name, value in values.items()}
    in_en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.vi.format(**in_vi), text.en.format(**in_en))
