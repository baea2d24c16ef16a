"""An index in one SQLite file: nothing but a disk is needed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_database import Row


class SqliteDatabase:
    """See :class:`~lienthong.exchange.adapters.log_database.LogDatabase`."""

    def __init__(self, path: Path) -> None:
        """Open or create; takes no time that grows with the number of records. Raises JournalError."""
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(files(__package__).joinpath("log_index.sql").read_text("utf-8"))
        except sqlite3.Error as exc:
            raise JournalError(f"log index cannot be opened ({type(exc).__name__})") from exc

    def rows(self, statement: str, parameters: Sequence[object]) -> list[Row]:
        """What a query answers."""
        with self._lock:
            try:
                return self._connection.execute(statement, parameters).fetchall()
            except sqlite3.Error as exc:
                raise JournalError(f"log index cannot be read ({type(exc).__name__})") from exc

    @contextmanager
    def transaction(self) -> Iterator[_SqliteStatements]:
        """All or nothing."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                with self._connection:
                    yield _SqliteStatements(self._connection)
            except sqlite3.Error as exc:
                raise JournalError(f"log index cannot be written ({type(exc).__name__})") from exc

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()


class _SqliteStatements:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        return self._connection.execute(statement, parameters).fetchall()

    def many(self, statement: str, parameters: Iterable[Sequence[object]]) -> int:
        return self._connection.executemany(statement, parameters).rowcount
