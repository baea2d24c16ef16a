"""What an index is asked, and timestamps kept in it: the same for every engine."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_database import LogDatabase, Row, Statements
from lienthong.exchange.adapters.log_index_query import COLUMNS, read_entry, search_sql
from lienthong.exchange.messagelog.entries import (
    Cursor,
    LogEntry,
    LogQuery,
    PendingSignature,
    RecordTimestamp,
    StoredTimestamp,
)
from lienthong.trust.algorithms import Digest, DigestAlgorithm

_STAMPED_AT_ONCE = 500
"""Records in one statement; old SQLite takes 999 parameters."""


class LogQueries:
    """Search and timestamps; see :class:`~lienthong.exchange.messagelog.entries.MessageIndex`."""

    def __init__(self, database: LogDatabase, *, shown: str = COLUMNS) -> None:
        """*shown* are the columns of ``log_record`` that make an entry."""
        self._database = database
        self._shown = shown

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def search(self, query: LogQuery, *, after: Cursor | None = None, limit: int = 100) -> list[LogEntry]:
        """Entries that match, newest first; go on after the last one's ``(time_ms, number)``."""
        statement, parameters = search_sql(query, after, limit, columns=self._shown)
        return [read_entry(row) for row in self._database.rows(statement, parameters)]

    def entry(self, number: int) -> LogEntry | None:
        """The entry with this record number."""
        statement = f"SELECT {self._shown} FROM log_record WHERE number = ?"  # noqa: S608 - literal columns
        rows = self._database.rows(statement, [number])
        return read_entry(rows[0]) if rows else None

    def pending(self, *, limit: int) -> list[PendingSignature]:
        """The oldest records that wait for a timestamp."""
        rows = self._database.rows(
            "SELECT number, signature_hash FROM log_record WHERE log_timestamp IS NULL ORDER BY number LIMIT ?", [limit]
        )
        return [
            PendingSignature(number=number, signature_hash=Digest(DigestAlgorithm.SHA512, value))
            for number, value in rows
            if isinstance(number, int) and isinstance(value, bytes)
        ]

    def store_timestamp(self, timestamp: StoredTimestamp, hash_chains: dict[int, bytes | None]) -> int:
        """Keep a timestamp for these record numbers, all or nothing; a record is never stamped twice."""
        with self._database.transaction() as run:
            run.rows(
                "INSERT INTO log_timestamp (token, hash_chain_result, gen_time_ms) VALUES (?, ?, ?)",
                [timestamp.token, timestamp.hash_chain_result, timestamp.gen_time_ms],
            )
            # Nobody else writes meanwhile; RETURNING would need SQLite 3.35.
            ((number,),) = run.rows("SELECT max(number) FROM log_timestamp")
            if not isinstance(number, int) or _mark_stamped(run, number, list(hash_chains)) != len(hash_chains):
                raise JournalError("a record to be timestamped is unknown or has a timestamp already")
            run.many(
                "INSERT INTO log_hash_chain VALUES (?, ?)",
                [(record, chain) for record, chain in hash_chains.items() if chain is not None],
            )
            return number

    def timestamp_of(self, number: int) -> RecordTimestamp | None:
        """The timestamp that covers a record, if any."""
        rows = self._database.rows(
            "SELECT t.token, t.hash_chain_result, c.hash_chain FROM log_record r "
            "JOIN log_timestamp t ON t.number = r.log_timestamp "
            "LEFT JOIN log_hash_chain c ON c.record = r.number WHERE r.number = ?",
            [number],
        )
        return _timestamp(rows[0]) if rows else None


def _mark_stamped(run: Statements, timestamp: int, records: list[int]) -> int:
    """How many of these records were unstamped and no longer are."""
    changed = 0
    for start in range(0, len(records), _STAMPED_AT_ONCE):
        group = records[start : start + _STAMPED_AT_ONCE]
        wanted = f"number IN ({', '.join('?' * len(group))}) AND log_timestamp IS NULL"
        changed += run.many(f"UPDATE log_record SET log_timestamp = ? WHERE {wanted}", [(timestamp, *group)])  # noqa: S608 - marks
    return changed


def _timestamp(row: Row) -> RecordTimestamp:
    """Token, chain result and chain of one record."""
    token, result, chain = (value if isinstance(value, bytes) else None for value in row)
    if token is None:
        raise JournalError("timestamp without a token")
    return RecordTimestamp(token=token, hash_chain_result=result, hash_chain=chain)
