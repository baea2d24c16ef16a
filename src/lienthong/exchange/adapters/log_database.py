"""Where an index keeps its rows: SQLite in one file, or PostgreSQL. The same statements run on both.

A statement marks its parameters by ``?`` and holds no other question mark, and no percent sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

Row = tuple[object, ...]


class Statements(Protocol):
    """What may be run inside a transaction."""

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Run it and give what it answers."""
        ...

    def many(self, statement: str, parameters: Iterable[Sequence[object]]) -> int:
        """Run it for each row of parameters; how many rows of the table changed."""
        ...


class LogDatabase(Protocol):
    """One connection, shared by the threads of a process; its errors are JournalError."""

    def rows(self, statement: str, parameters: Sequence[object]) -> list[Row]:
        """What a query answers."""
        ...

    def transaction(self) -> AbstractContextManager[Statements]:
        """All or nothing, durable at its end, and one at a time whoever else is connected."""
        ...

    def close(self) -> None:
        """Release it."""
        ...
