"""PostgreSQL as the log of record: the worker's half, with the same face as the journal.

Groups of records go in by one binary COPY and one synchronous commit; ``append`` returns after the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import psycopg

from lienthong.exchange.adapters.journal_bodies import cut, gather
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_group import GroupCommit
from lienthong.exchange.adapters.log_database import Row
from lienthong.exchange.adapters.log_database_postgres import Connection, connect
from lienthong.exchange.adapters.log_index_query import client_text
from lienthong.exchange.messagelog.entries import Body, Position
from lienthong.exchange.messagelog.record import LogRecord, encode_evidence, encode_fields

TABLES = "log_postgres.sql"
_COLUMNS = (
    "number, time_ms, message_id, x_request_id, side, is_response, client, service_client, service_code, "
    "service_version, user_id, issue, signature_hash, fields, evidence, body, has_parts"
)
_TYPES = (
    "int8 int8 text text text bool text text text text text text bytea bytea bytea bytea bool".split()  # noqa: SIM905
)
_COPY = f"COPY log_record ({_COLUMNS}) FROM STDIN (FORMAT BINARY)"
_BLOCK = 1000
"""Record numbers are taken from the sequence this many at a time."""
_PART = 1024 * 1024


@dataclass(slots=True)
class _Row:
    record: LogRecord
    fields: bytes
    body: bytes | None
    number: int
    has_parts: bool
    future: asyncio.Future[Position]

    @property
    def queued_bytes(self) -> int:
        return len(self.fields) + len(self.body or b"")


class PostgresLog:
    """One worker's way into the log; see :class:`MessageJournal`. Used from one event loop."""

    def __init__(self, conninfo: str, *, queue_bytes: int = 64 * 1024 * 1024, inline_bytes: int = 1024 * 1024) -> None:
        """*conninfo* names a service or socket; a password belongs in a password file, never here."""
        self._conninfo = conninfo
        self._inline_bytes = inline_bytes
        self._connection: Connection | None = None
        self._group: GroupCommit[_Row] = GroupCommit(self._write, name="message log", queue_bytes=queue_bytes)
        self._numbers: Iterator[int] = iter(())

    async def open(self) -> None:
        """Connect and create what is missing; raises JournalError."""
        self._connection = await asyncio.to_thread(connect, self._conninfo, tables=TABLES)
        self._group.start()

    async def __aenter__(self) -> PostgresLog:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def append(self, record: LogRecord, *, body: Body | None = None) -> Position:
        """Log one message; returns once it is committed. Raises JournalError."""
        _require_storable(record)
        fields = encode_fields(record)
        if body is None:
            return await self._submit(record, fields, record.body)
        if body.kept_bytes <= self._inline_bytes:
            return await self._submit(record, fields, await gather(body))
        number = await self._store_parts(body)
        return await self._submit(record, fields, None, number=number)

    async def close(self) -> None:
        """Commit what is queued, then disconnect."""
        await self._group.close()
        if self._connection is not None:
            await asyncio.to_thread(self._connection.close)
            self._connection = None

    async def _submit(self, record: LogRecord, fields: bytes, body: bytes | None, *, number: int = 0) -> Position:
        row = _Row(record, fields, body, number, has_parts=number > 0, future=self._group.future())
        return await self._group.submit(row)

    def _write(self, group: list[_Row]) -> list[Position]:
        """In the thread: one COPY, one commit."""
        try:
            connection = self._connected()
            self._number(connection, group)
            _copy(connection, group)
        except psycopg.Error as exc:
            raise JournalError(f"message log in PostgreSQL cannot be written ({type(exc).__name__})") from exc
        return [Position(worker=-1, segment=0, offset=row.number, length=0) for row in group]

    def _connected(self) -> Connection:
        connection = self._connection
        if connection is None or connection.closed:
            connection = self._connection = connect(self._conninfo, tables=TABLES)
        return connection

    def _number(self, connection: Connection, group: list[_Row]) -> None:
        unnumbered = [row for row in group if not row.number]
        taken = list(islice(self._numbers, len(unnumbered)))
        if len(taken) < len(unnumbered):
            wanted = max(_BLOCK, len(unnumbered) - len(taken))
            self._numbers = iter(_next_numbers(connection, wanted))
            taken += islice(self._numbers, len(unnumbered) - len(taken))
        for row, number in zip(unnumbered, taken, strict=True):
            row.number = number

    async def _store_parts(self, body: Body) -> int:
        """Commit a large body in parts, on a connection of its own; returns the record number it belongs to."""
        try:
            async with await psycopg.AsyncConnection.connect(self._conninfo, connect_timeout=10) as connection:
                found = await (await connection.execute("SELECT nextval('log_record_number')")).fetchone()
                number = int(found[0]) if found else 0
                await _copy_parts(connection, number, body)
        except psycopg.Error as exc:
            raise JournalError(f"message body cannot be written to PostgreSQL ({type(exc).__name__})") from exc
        return number


async def _copy_parts(connection: psycopg.AsyncConnection[Row], number: int, body: Body) -> None:
    statement = "COPY log_body (record, part, data) FROM STDIN (FORMAT BINARY)"
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["int8", "int4", "bytea"])
        part = 0
        async for piece in cut(body):
            await copy.write_row((number, part, piece))
            part += 1


def _require_storable(record: LogRecord) -> None:
    """One field that PostgreSQL refuses would fail the whole group: turn it away before it joins one."""
    texts = (record.message_id, record.x_request_id, record.service.service_code, record.service.service_version)
    if any("\0" in (text or "") for text in (*texts, record.user_id, record.issue)):
        raise JournalError("a field of the message holds a NUL character, which PostgreSQL cannot store")


def _next_numbers(connection: Connection, count: int) -> list[int]:
    rows = connection.execute("SELECT nextval('log_record_number') FROM generate_series(1, %s)", [count]).fetchall()
    return [number for (number,) in rows if isinstance(number, int)]


def _copy(connection: Connection, group: list[_Row]) -> None:
    with connection.transaction(), connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for row in group:
            copy.write_row(_values(row))


def _values(row: _Row) -> tuple[object, ...]:
    record = row.record
    return (
        row.number,
        record.time_ms,
        record.message_id,
        record.x_request_id,
        record.side.value,
        record.is_response,
        client_text(record.client),
        client_text(record.service.client),
        record.service.service_code,
        record.service.service_version,
        record.user_id,
        record.issue,
        record.signature_hash.value,
        row.fields,
        encode_evidence(record),
        row.body,
        row.has_parts,
    )
