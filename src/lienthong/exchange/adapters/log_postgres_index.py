"""PostgreSQL as the log of record: the half of the supervisor and the operator."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import psycopg

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_index import read_pending, read_timestamp
from lienthong.exchange.adapters.log_index_query import COLUMNS, read_entry, search_sql
from lienthong.exchange.adapters.log_postgres import connect
from lienthong.exchange.messagelog.entries import (
    Cursor,
    LogEntry,
    LogQuery,
    PendingSignature,
    RecordTimestamp,
    StoredTimestamp,
)
from lienthong.exchange.messagelog.record import LogRecord, RecordError, decode_fields

_SHOWN = COLUMNS.replace("worker, segment, position, length", "-1, 0, number, 0")


class PostgresIndex:
    """Search, timestamps and messages; see :class:`MessageIndex`."""

    def __init__(self, conninfo: str) -> None:
        """Connect; raises JournalError."""
        self._conninfo = conninfo
        self._lock = threading.Lock()
        self._connection = connect(conninfo)

    def close(self) -> None:
        """Disconnect."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> PostgresIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        """The connection, or a new one after the server went away; raises JournalError while it is away."""
        if self._connection.closed:
            self._connection = connect(self._conninfo)
        return self._connection

    def _rows(self, statement: str, parameters: Sequence[object]) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._connected().execute(statement, parameters).fetchall()
            except psycopg.Error as exc:
                raise JournalError(f"message log in PostgreSQL cannot be read ({type(exc).__name__})") from exc

    def search(self, query: LogQuery, *, after: Cursor | None = None, limit: int = 100) -> list[LogEntry]:
        """Entries that match, newest first; go on after the last one's ``(time_ms, number)``."""
        statement, parameters = search_sql(query, after, limit, mark="%s", columns=_SHOWN)
        return [read_entry(row) for row in self._rows(statement, parameters)]

    def read(self, entry: LogEntry) -> LogRecord:
        """The record with its body; raises JournalError."""
        rows = self._rows("SELECT fields, body, has_parts FROM log_record WHERE number = %s", [entry.number])
        if not rows:
            raise JournalError("record is not in the log")
        fields, body, has_parts = rows[0]
        if has_parts:
            parts = self._rows("SELECT data FROM log_body WHERE record = %s ORDER BY part", [entry.number])
            body = b"".join(data for (data,) in parts if isinstance(data, bytes))
        try:
            record = decode_fields(fields if isinstance(fields, bytes) else b"")
        except RecordError as exc:
            raise JournalError(str(exc)) from exc
        return record.with_body(body if isinstance(body, bytes) else None)

    def pending(self, *, limit: int) -> list[PendingSignature]:
        """The oldest records that wait for a timestamp."""
        statement = "SELECT number, signature_hash FROM log_record WHERE log_timestamp IS NULL ORDER BY number LIMIT %s"
        return read_pending(self._rows(statement, [limit]))

    def entry(self, number: int) -> LogEntry | None:
        """The entry with this record number."""
        rows = self._rows(f"SELECT {_SHOWN} FROM log_record WHERE number = %s", [number])  # noqa: S608 - literal columns
        return read_entry(rows[0]) if rows else None

    def store_timestamp(self, timestamp: StoredTimestamp, hash_chains: dict[int, bytes | None]) -> int:
        """Keep a timestamp for these record numbers, all or nothing; a record is never stamped twice."""
        with self._lock:
            try:
                with self._connected().transaction():
                    return self._store(timestamp, hash_chains)
            except psycopg.Error as exc:
                raise JournalError(f"timestamp cannot be stored ({type(exc).__name__})") from exc

    def _store(self, timestamp: StoredTimestamp, hash_chains: dict[int, bytes | None]) -> int:
        row = self._connection.execute(
            "INSERT INTO log_timestamp (token, hash_chain_result, gen_time_ms) VALUES (%s, %s, %s) RETURNING number",
            [timestamp.token, timestamp.hash_chain_result, timestamp.gen_time_ms],
        ).fetchone()
        number = row[0] if row else None
        changed = self._connection.execute(
            "UPDATE log_record SET log_timestamp = %s WHERE number = ANY(%s) AND log_timestamp IS NULL",
            [number, list(hash_chains)],
        ).rowcount
        if not isinstance(number, int) or changed != len(hash_chains):
            raise JournalError("a record to be timestamped is unknown or has a timestamp already")
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO log_hash_chain VALUES (%s, %s)",
                [(record, chain) for record, chain in hash_chains.items() if chain is not None],
            )
        return number

    def timestamp_of(self, number: int) -> RecordTimestamp | None:
        """The timestamp that covers a record, if any."""
        rows = self._rows(
            "SELECT t.token, t.hash_chain_result, c.hash_chain FROM log_record r "
            "JOIN log_timestamp t ON t.number = r.log_timestamp "
            "LEFT JOIN log_hash_chain c ON c.record = r.number WHERE r.number = %s",
            [number],
        )
        return read_timestamp(rows[0]) if rows else None
