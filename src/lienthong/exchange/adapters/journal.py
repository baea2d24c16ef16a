"""A worker's journal: many messages wait together for one sync of the disk.

``append`` returns when the record is on stable storage. One thread per worker takes everything queued, writes it at
once, syncs once and wakes everyone who waited: under load the price of a sync is shared, idle it adds nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.exchange.adapters.journal_bodies import LargeBodies, gather
from lienthong.exchange.adapters.journal_files import DiskFiles, FilePort, JournalError
from lienthong.exchange.adapters.journal_group import GroupCommit
from lienthong.exchange.adapters.journal_segments import SegmentSizes, SegmentWriter
from lienthong.exchange.adapters.journal_writer import Entry, GroupWriter
from lienthong.exchange.messagelog.entries import Body, Position
from lienthong.exchange.messagelog.record import BodyState, LogRecord, encode_evidence, encode_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalSettings:
    """How a journal uses memory and disk."""

    sizes: SegmentSizes = field(default_factory=SegmentSizes)
    queue_bytes: int = 64 * 1024 * 1024
    """Back-pressure: appends wait while this much is queued in memory."""
    inline_bytes: int = 1024 * 1024
    """A body over this many bytes gets a file of its own and is never whole in memory."""
    group_bytes: int = 8 * 1024 * 1024
    """Largest piece given to the disk at once."""
    retry_seconds: float = 1.0
    """After a failure, how long before the disk is tried again."""


def _clock_ms() -> int:
    return time.time_ns() // 1_000_000


class Journal:
    """The journal of one worker, in a folder of its own; used from one event loop."""

    def __init__(
        self,
        folder: Path,
        *,
        worker: int,
        settings: JournalSettings | None = None,
        files: FilePort | None = None,
        clock_ms: Callable[[], int] = _clock_ms,
    ) -> None:
        self._settings = settings or JournalSettings()
        self._clock_ms = clock_ms
        self._worker = worker
        self._bodies = LargeBodies(folder, files or DiskFiles())
        self._segments = SegmentWriter(folder, worker, files or DiskFiles(), self._settings.sizes)
        self._writer = GroupWriter(self._segments, worker, self._settings.group_bytes, clock_ms)
        self._group: GroupCommit[Entry] = GroupCommit(
            self._write, name=f"journal of worker {worker}", queue_bytes=self._settings.queue_bytes
        )
        self._opened = False
        self._retry_at = 0.0

    async def open(self) -> None:
        """Recover what a crash left, then take appends; raises JournalError."""
        await asyncio.to_thread(self._open)
        self._opened = True
        self._group.start()

    def _open(self) -> None:
        try:
            self._segments.open(created_ms=self._clock_ms())
        except OSError as exc:
            self._segments.close()
            raise JournalError(f"journal of worker {self._worker} cannot be opened: {exc.strerror}") from exc
        except JournalError:
            self._segments.close()
            raise

    async def __aenter__(self) -> Journal:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def is_healthy(self) -> bool:
        """False from a write or sync failure until a new segment could be begun."""
        return self._segments.is_open

    async def append(self, record: LogRecord, *, body: Body | None = None) -> Position:
        """Log one message; returns once it is durable.

        Args:
            body: The body where it arrives in pieces; ``record.body`` is then None.
        Raises:
            JournalError: it is not durable; the message must not be delivered.
        """
        fields, evidence = encode_fields(record), encode_evidence(record)
        if body is None:
            return await self.append_encoded(fields, evidence, record.body or b"")
        if record.body_state not in {BodyState.STORED, BodyState.TRUNCATED}:
            raise ValueError(f"body is {record.body_state.value} but given")
        if body.kept_bytes <= self._settings.inline_bytes:
            return await self.append_encoded(fields, evidence, await gather(body))
        name = await self._bodies.store(body)
        return await self.append_encoded(fields, evidence, name, is_external=True)

    async def append_encoded(
        self, fields: bytes, evidence: bytes = b"", body: bytes = b"", *, is_external: bool = False
    ) -> Position:
        """Log what is encoded already; see :meth:`append`."""
        return await self._group.submit(Entry(fields, evidence, body, self._group.future(), is_external=is_external))

    async def close(self) -> None:
        """Write what is queued, then release the folder."""
        await self._group.close()
        if self._opened:
            self._opened = False
            await asyncio.to_thread(self._segments.close)

    def _write(self, group: list[Entry]) -> list[Position]:
        if not self._segments.is_open and time.monotonic() < self._retry_at:
            raise JournalError(f"journal of worker {self._worker} refuses until the disk takes writes again")
        try:
            if not self._segments.is_open:
                self._segments.roll(0, created_ms=self._clock_ms())
            positions = self._writer.write(group)
            self._segments.prepare_ahead()
        except BaseException as exc:
            self._segments.abandon()
            self._retry_at = time.monotonic() + self._settings.retry_seconds
            if isinstance(exc, OSError):
                raise JournalError(f"journal of worker {self._worker} cannot be written: {exc.strerror}") from exc
            raise
        return positions
