"""The sentences of the story, from ``sentences.toml``, in both languages at once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from lienthong.systems.vocabulary.bilingual import Text


def sentence(name: str, **values: Text | str | int) -> Text:
    """The sentence of this name with its ``{named}`` places filled, each in its own language."""
    text = _sentences()[name]
    in_vi = {name: value.vi if isinstance(value, Text) else value for name, value in values.items()}
    in_en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.vi.format(**in_vi), text.en.format(**in_en))


@cache
def _sentences() -> dict[str, Text]:
    tables = tomllib.loads(files(__package__).joinpath("sentences.toml").read_text("utf-8"))
    return {name: Text(table["vi"], table["en"]) for name, table in tables.items()}
