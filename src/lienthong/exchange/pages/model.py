"""What a page says, before it is HTML: notices, then tables. All texts are plain and are escaped when rendered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class State(Enum):
    """How something stands; shown as a word and a colour, never by colour alone."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to read first."""

    state: State
    """Colour of its edge."""
    title: str
    """What is so."""
    text: str = ""
    """Why."""
    cure: str = ""
    """What to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table."""

    text: str
    """Shown."""
    note: str = ""
    """Shown below, smaller."""
    state: State = State.PLAIN
    """Anything but ``PLAIN`` puts the text in a coloured frame."""
    code: bool = False
    """Whether it is a name of the protocol, shown in a fixed-width face."""


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A heading and rows; on small screens every row becomes a card."""

    heading: str
    columns: tuple[str, ...]
    """One for each cell of a row."""
    rows: tuple[Row, ...]
    empty: str = ""
    """Shown instead of a table without rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page."""

    language: str
    """Of its texts."""
    title: str
    """Heading and title."""
    subtitle: str = ""
    """Which server this is."""
    other_language: str = ""
    """Text of the link to the same page in the other language, in that language."""
    notices: tuple[Notice, ...] = ()
    tables: tuple[Table, ...] = field(default=())
    footer: str = ""
    """Below everything."""
