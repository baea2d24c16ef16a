"""A PostgreSQL server that keeps an index, or the whole log; it is connected to again after it was away."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_database import Row

Connection = psycopg.Connection[Row]
_SETUP_LOCK = 0x4C54_4C4F
"""Advisory lock: processes that start together create the tables once."""
_WRITE_LOCK = 0x4C54_4C50
"""Advisory lock: one transaction at a time, whichever process runs it."""
_SILENCE = "connect_timeout=10 keepalives_idle=10 keepalives_interval=5 tcp_user_timeout=30000"
"""Seconds, the last in milliseconds: a server that is off the network is noticed, whatever the system's defaults."""


def connect(conninfo: str, *, tables: str) -> Connection:
    """A connection whose commits are durable, with the tables of the file *tables* in place; raises JournalError."""
    try:
        connection = psycopg.connect(make_conninfo(_SILENCE, **conninfo_to_dict(conninfo)), autocommit=True)
        connection.execute("SET synchronous_commit = on")
        connection.execute("SET client_min_messages = warning")
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_SETUP_LOCK])
            connection.execute(files(__package__).joinpath(tables).read_text("utf-8"))
    except psycopg.Error as exc:
        raise JournalError(f"message log in PostgreSQL cannot be opened ({type(exc).__name__})") from exc
    return connection


class PostgresDatabase:
    """See :class:`~lienthong.exchange.adapters.log_database.LogDatabase`; connects when it is first asked."""

    def __init__(self, conninfo: str, *, tables: str, owner: str | None = None) -> None:
        """*owner* is the server whose rows these are, in tables that know one: those of another are refused."""
        self._conninfo, self._tables, self._owner = conninfo, tables, owner
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def rows(self, statement: str, parameters: Sequence[object]) -> list[Row]:
        """What a query answers."""
        with self._used("read") as connection:
            return _PostgresStatements(connection).rows(statement, parameters)

    @contextmanager
    def transaction(self) -> Iterator[_PostgresStatements]:
        """All or nothing."""
        with self._used("written") as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITE_LOCK])
            yield _PostgresStatements(connection)

    def close(self) -> None:
        """Disconnect."""
        with self._lock:
            self._disconnect()

    @contextmanager
    def _used(self, how: str) -> Iterator[Connection]:
        """The connection, a new one after any error: the server was away, or somebody dropped the tables."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._open()
                yield self._connection
            except psycopg.Error as exc:
                self._disconnect()
                raise JournalError(f"message log in PostgreSQL cannot be {how} ({type(exc).__name__})") from exc

    def _open(self) -> Connection:
        connection = connect(self._conninfo, tables=self._tables)
        if self._owner is not None:
            connection.execute("INSERT INTO log_owner (server) VALUES (%s) ON CONFLICT DO NOTHING", [self._owner])
            ((owner,),) = connection.execute("SELECT server FROM log_owner").fetchall()
            if owner != self._owner:
                connection.close()
                raise JournalError(f"the index in this database is that of {owner}; each server needs one of its own")
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _PostgresStatements:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        cursor = self._connection.execute(_marked(statement), _storable(parameters))
        return [] if cursor.description is None else cursor.fetchall()

    def many(self, statement: str, parameters: Iterable[Sequence[object]]) -> int:
        with self._connection.cursor() as cursor:
            cursor.executemany(_marked(statement), map(_storable, parameters))
            return cursor.rowcount


def _marked(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()


def _storable(parameters: Sequence[object]) -> list[object]:
    """PostgreSQL keeps no NUL in a text: one in a field must not hold up all records behind it."""
    return [value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in parameters]
