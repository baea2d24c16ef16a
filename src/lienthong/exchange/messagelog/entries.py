"""Where a record lies, what the index says of it, and how it is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.messagelog.record import LogRecord, Side
from lienthong.trust.algorithms import Digest


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a durable record lies; a struct, because one is made for every message."""

    worker: int
    """Journal of this worker; -1 in PostgreSQL."""
    segment: int
    """Sequence number of the segment; 0 in PostgreSQL."""
    offset: int
    """Byte offset of the frame in the segment; the record number in PostgreSQL."""
    length: int
    """Bytes of the frame; 0 in PostgreSQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body that arrives in pieces, so that a large one is never whole in memory."""

    chunks: AsyncIterable[bytes]
    """The content from its first byte, read once."""
    kept_bytes: int
    """How many bytes to log; what follows is left unread."""


Cursor = tuple[int, int]
"""Time in milliseconds and record number of the last entry seen; results go on after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """Which entries are wanted; every field that is set narrows the result. Newest first."""

    message_id: str | None = None
    client: ClientId | None = None
    service: ServiceId | None = None
    from_ms: int | None = None
    """Inclusive."""
    until_ms: int | None = None
    """Exclusive."""
    user_id: str | None = None
    """The officer."""
    issue: str | None = None
    """The dossier or legal basis."""
    is_response: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One row of the index."""

    number: int
    """Record number, unique in one log; names the container file."""
    time_ms: int
    message_id: str
    x_request_id: str | None
    side: Side
    is_response: bool
    client: ClientId
    service: ServiceId
    user_id: str | None
    issue: str | None
    position: Position
    timestamp: int | None
    """Number of the timestamp that covers it; None while it waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSignature:
    """A record that waits for a timestamp."""

    number: int
    signature_hash: Digest
    """Of the signature XML's bytes, with the log's hash algorithm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTimestamp:
    """A timestamp token and, for a batch, what it was taken over."""

    token: bytes
    """RFC 3161 TimeStampToken, DER."""
    hash_chain_result: bytes | None
    """``ts-hashchainresult.xml``; None when one signature was stamped alone."""
    gen_time_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTimestamp:
    """A timestamp as seen from one record."""

    token: bytes
    """RFC 3161 TimeStampToken, DER."""
    hash_chain_result: bytes | None
    """``ts-hashchainresult.xml``; None when this signature was stamped alone."""
    hash_chain: bytes | None
    """``ts-hashchain.xml`` of this record; None when stamped alone."""


class MessageJournal(Protocol):
    """Where a worker puts messages before they are delivered; adapters: Journal, PostgresLog."""

    async def append(self, record: LogRecord, *, body: Body | None = None) -> Position:
        """Return once the record is durable; raises JournalError when it cannot be."""
        ...

    async def close(self) -> None:
        """Finish what was begun and release the files."""
        ...


class MessageIndex(Protocol):
    """What the supervisor and the operator ask; adapters: LogIndex, PostgresIndex."""

    def search(self, query: LogQuery, *, after: Cursor | None = None, limit: int = 100) -> list[LogEntry]:
        """Entries that match, newest first."""
        ...

    def read(self, entry: LogEntry) -> LogRecord:
        """The record with its body; raises JournalError when it is damaged."""
        ...

    def entry(self, number: int) -> LogEntry | None:
        """The entry with this record number, or None."""
        ...

    def pending(self, *, limit: int) -> list[PendingSignature]:
        """The oldest records that wait for a timestamp."""
        ...

    def store_timestamp(self, timestamp: StoredTimestamp, hash_chains: dict[int, bytes | None]) -> int:
        """Keep a timestamp for these record numbers, all or nothing; returns the timestamp's number."""
        ...

    def timestamp_of(self, number: int) -> RecordTimestamp | None:
        """The timestamp that covers a record, if any."""
        ...
