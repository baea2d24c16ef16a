"""The index over all journals of a security server, in one SQLite file that the supervisor owns.

Rows and the checkpoint that says how far a journal was read move in one transaction: every durable record is indexed
exactly once, whenever the process dies. The journals stay the messages' home; timestamps live here alone.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import Damage, JournalReader
from lienthong.exchange.adapters.log_index_query import COLUMNS, client_text, read_entry, search_sql
from lienthong.exchange.messagelog.entries import (
    Cursor,
    LogEntry,
    LogQuery,
    PendingSignature,
    Position,
    RecordTimestamp,
    StoredTimestamp,
)
from lienthong.exchange.messagelog.frames import PAGE
from lienthong.exchange.messagelog.record import LogRecord, Outline
from lienthong.trust.algorithms import Digest, DigestAlgorithm

_BATCH = 5000
_INSERT = """
INSERT INTO log_record (time_ms, message_id, x_request_id, side, is_response, client, service_client, service_code,
    service_version, user_id, issue, worker, segment, position, length, signature_hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def worker_folder(journals: Path, worker: int) -> Path:
    """Where a worker's journal lies."""
    return journals / f"w{worker}"


def worker_numbers(journals: Path) -> list[int]:
    """Workers that have, or had, a journal."""
    if not journals.is_dir():
        return []
    names = (entry.name for entry in journals.iterdir() if entry.is_dir())
    return sorted(int(name[1:]) for name in names if name.startswith("w") and name[1:].isdigit())


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRun:
    """What one pass over the journals' tails found."""

    added: int
    damage: tuple[tuple[int, Damage], ...]
    """Worker and stretch, only those met in this pass."""


class LogIndex:
    """Search, timestamps and positions; see :class:`MessageIndex`."""

    def __init__(self, path: Path, journals: Path) -> None:
        """Open or create; takes no time that grows with the number of records. Raises JournalError."""
        self._journals = journals
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(files(__package__).joinpath("log_index.sql").read_text("utf-8"))
        except sqlite3.Error as exc:
            raise JournalError(f"log index cannot be opened ({type(exc).__name__})") from exc

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> LogIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                with self._connection:
                    yield self._connection
            except sqlite3.Error as exc:
                raise JournalError(f"log index cannot be written ({type(exc).__name__})") from exc

    def _rows(self, statement: str, parameters: list[object]) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._connection.execute(statement, parameters).fetchall()
            except sqlite3.Error as exc:
                raise JournalError(f"log index cannot be read ({type(exc).__name__})") from exc

    def update(self) -> IndexRun:
        """Index what became durable since the last pass, in every journal."""
        added, damage = 0, []
        for worker in worker_numbers(self._journals):
            while True:
                count, found = self._update_worker(worker)
                added += count
                damage += [(worker, stretch) for stretch in found]
                if count + len(found) < _BATCH:
                    break
        return IndexRun(added=added, damage=tuple(damage))

    def _update_worker(self, worker: int) -> tuple[int, list[Damage]]:
        with self._transaction() as connection:
            found = connection.execute("SELECT segment, position FROM log_checkpoint WHERE worker = ?", [worker])
            segment, offset = found.fetchone() or (0, PAGE)
            reader = JournalReader(worker_folder(self._journals, worker))
            rows: list[tuple[object, ...]] = []
            damage: list[Damage] = []
            for item in islice(reader.follow(segment, offset), _BATCH):
                if isinstance(item, Damage):
                    damage.append(item)
                    segment, offset = item.segment, item.end
                else:
                    position, record = item
                    rows.append(_row(position, record))
                    segment, offset = position.segment, position.offset + position.length
            connection.executemany(_INSERT, rows)
            connection.executemany(
                "INSERT OR IGNORE INTO log_damage VALUES (?, ?, ?, ?, ?)",
                [(worker, d.segment, d.start, d.end, d.kind.value) for d in damage],
            )
            if rows or damage:
                connection.execute("REPLACE INTO log_checkpoint VALUES (?, ?, ?)", [worker, segment, offset])
            return len(rows), damage

    def search(self, query: LogQuery, *, after: Cursor | None = None, limit: int = 100) -> list[LogEntry]:
        """Entries that match, newest first; go on after the last one's ``(time_ms, number)``."""
        statement, parameters = search_sql(query, after, limit, mark="?")
        return [read_entry(row) for row in self._rows(statement, parameters)]

    def read(self, entry: LogEntry) -> LogRecord:
        """The record with its body, from its journal; raises JournalError."""
        return JournalReader(worker_folder(self._journals, entry.position.worker)).read(entry.position)

    def pending(self, *, limit: int) -> list[PendingSignature]:
        """The oldest records that wait for a timestamp."""
        rows = self._rows(
            "SELECT number, signature_hash FROM log_record WHERE log_timestamp IS NULL ORDER BY number LIMIT ?", [limit]
        )
        return read_pending(rows)

    def entry(self, number: int) -> LogEntry | None:
        """The entry with this record number."""
        rows = self._rows(f"SELECT {COLUMNS} FROM log_record WHERE number = ?", [number])  # noqa: S608 - literal columns
        return read_entry(rows[0]) if rows else None

    def store_timestamp(self, timestamp: StoredTimestamp, hash_chains: dict[int, bytes | None]) -> int:
        """Keep a timestamp for these record numbers, all or nothing; a record is never stamped twice."""
        with self._transaction() as connection:
            number = connection.execute(
                "INSERT INTO log_timestamp (token, hash_chain_result, gen_time_ms) VALUES (?, ?, ?)",
                [timestamp.token, timestamp.hash_chain_result, timestamp.gen_time_ms],
            ).lastrowid
            changed = connection.executemany(
                "UPDATE log_record SET log_timestamp = ? WHERE number = ? AND log_timestamp IS NULL",
                [(number, record) for record in hash_chains],
            ).rowcount
            if number is None or changed != len(hash_chains):
                raise JournalError("a record to be timestamped is unknown or has a timestamp already")
            connection.executemany(
                "INSERT INTO log_hash_chain VALUES (?, ?)",
                [(record, chain) for record, chain in hash_chains.items() if chain is not None],
            )
            return number

    def timestamp_of(self, number: int) -> RecordTimestamp | None:
        """The timestamp that covers a record, if any."""
        rows = self._rows(
            "SELECT t.token, t.hash_chain_result, c.hash_chain FROM log_record r "
            "JOIN log_timestamp t ON t.number = r.log_timestamp "
            "LEFT JOIN log_hash_chain c ON c.record = r.number WHERE r.number = ?",
            [number],
        )
        return read_timestamp(rows[0]) if rows else None


def read_pending(rows: list[tuple[object, ...]]) -> list[PendingSignature]:
    """Record numbers and signature hashes as values."""
    return [
        PendingSignature(number=number, signature_hash=Digest(DigestAlgorithm.SHA512, value))
        for number, value in rows
        if isinstance(number, int) and isinstance(value, bytes)
    ]


def read_timestamp(row: tuple[object, ...]) -> RecordTimestamp:
    """Token, chain result and chain of one record."""
    token, result, chain = (value if isinstance(value, bytes) else None for value in row)
    if token is None:
        raise JournalError("timestamp without a token")
    return RecordTimestamp(token=token, hash_chain_result=result, hash_chain=chain)


def _row(position: Position, record: Outline) -> tuple[object, ...]:
    return (
        record.time_ms,
        record.message_id,
        record.x_request_id,
        record.side.value,
        int(record.is_response),
        client_text(record.client),
        client_text(record.service_client),
        record.service_code,
        record.service_version,
        record.user_id,
        record.issue,
        position.worker,
        position.segment,
        position.offset,
        position.length,
        record.signature_hash.value,
    )
