"""The index over all journals of a security server, in a database that the supervisor owns.

Rows and the checkpoint that says how far a journal was read move in one transaction: every durable record is indexed
exactly once, whenever the process dies. The journals stay the messages' home; timestamps live here alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lienthong.exchange.adapters.journal_reader import Damage, JournalReader
from lienthong.exchange.adapters.log_database import LogDatabase, Row, Statements
from lienthong.exchange.adapters.log_index_query import client_text
from lienthong.exchange.adapters.log_queries import LogQueries
from lienthong.exchange.messagelog.entries import LogEntry, Position
from lienthong.exchange.messagelog.frames import PAGE
from lienthong.exchange.messagelog.record import LogRecord, Outline

_BATCH = 5000
_INSERT = """
INSERT INTO log_record (time_ms, message_id, x_request_id, side, is_response, client, service_client, service_code,
    service_version, user_id, issue, worker, segment, position, length, signature_hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CHECKPOINT = """
INSERT INTO log_checkpoint VALUES (?, ?, ?)
    ON CONFLICT (worker) DO UPDATE SET segment = excluded.segment, position = excluded.position
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


class LogIndex(LogQueries):
    """Search, timestamps and positions; see :class:`~lienthong.exchange.messagelog.entries.MessageIndex`."""

    def __init__(self, database: LogDatabase, journals: Path) -> None:
        """*journals* is the folder that holds each worker's journal."""
        super().__init__(database)
        self._journals = journals

    def update(self) -> IndexRun:
        """Index what became durable since the last pass, in every journal; raises JournalError."""
        added, damage = 0, []
        for worker in worker_numbers(self._journals):
            while True:
                with self._database.transaction() as run:
                    count, found = self._update_worker(run, worker)
                added += count
                damage += [(worker, stretch) for stretch in found]
                if count + len(found) < _BATCH:
                    break
        return IndexRun(added=added, damage=tuple(damage))

    def _update_worker(self, run: Statements, worker: int) -> tuple[int, list[Damage]]:
        known = run.rows("SELECT segment, position FROM log_checkpoint WHERE worker = ?", [worker])
        segment, offset = _place(known[0]) if known else (0, PAGE)
        reader = JournalReader(worker_folder(self._journals, worker))
        rows: list[Row] = []
        damage: list[Damage] = []
        for item in islice(reader.follow(segment, offset), _BATCH):
            if isinstance(item, Damage):
                damage.append(item)
                segment, offset = item.segment, item.end
            else:
                position, record = item
                rows.append(_row(position, record))
                segment, offset = position.segment, position.offset + position.length
        run.many(_INSERT, rows)
        run.many(
            "INSERT INTO log_damage VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(worker, d.segment, d.start, d.end, d.kind.value) for d in damage],
        )
        if rows or damage:
            run.rows(_CHECKPOINT, [worker, segment, offset])
        return len(rows), damage

    def read(self, entry: LogEntry) -> LogRecord:
        """The record with its body, from its journal; raises JournalError."""
        return JournalReader(worker_folder(self._journals, entry.position.worker)).read(entry.position)


def _place(row: Row) -> tuple[int, int]:
    segment, position = (value if isinstance(value, int) else 0 for value in row)
    return segment, position


def _row(position: Position, record: Outline) -> tuple[object, ...]:
    return (
        record.time_ms,
        record.message_id,
        record.x_request_id,
        record.side.value,
        record.is_response,
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
