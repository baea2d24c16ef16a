"""Lays a group of records into segments: gathered writes and one sync."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from zlib import crc32

from lienthong.exchange.adapters.journal_segments import SegmentWriter
from lienthong.exchange.messagelog.entries import Position
from lienthong.exchange.messagelog.frames import (
    Mark,
    encode_frame_header,
    encode_trailer,
    frame_size,
)

_HELD_MAX = 32
"""So many batches are remembered; their messages lie together."""


class Entry:
    """A record on its way to the disk, and who waits for it."""

    __slots__ = ("body", "evidence", "fields", "future", "is_external", "queued_bytes")

    def __init__(
        self,
        fields: bytes,
        evidence: bytes,
        body: bytes,
        future: asyncio.Future[Position],
        *,
        is_external: bool = False,
    ) -> None:
        self.fields = fields
        self.evidence = evidence
        self.body = body
        self.future = future
        self.is_external = is_external
        self.queued_bytes = len(fields) + len(evidence) + len(body)


class GroupWriter:
    """Turns groups of entries into durable frames; used by the journal's thread."""

    def __init__(self, segments: SegmentWriter, worker: int, group_bytes: int, clock_ms: Callable[[], int]) -> None:
        self._segments = segments
        self._worker = worker
        self._group_bytes = group_bytes
        self._clock_ms = clock_ms
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._held: dict[bytes, int] = {}
        self._held_in = 0

    def write(self, group: list[Entry]) -> list[Position]:
        """Write all and sync; raises OSError, after which the segment must be abandoned."""
        self._gathered, self._gathered_bytes = [], 0
        positions = [self._add(entry) for entry in group]
        self._flush()
        self._segments.sync()
        return positions

    def _add(self, entry: Entry) -> Position:
        segments, body = self._segments, entry.body
        evidence, evidence_at = self._evidence(entry)
        content = len(entry.fields) + len(evidence) + len(body)
        length = frame_size(content)
        offset = segments.end + self._gathered_bytes
        if offset + length > segments.size:
            self._flush()
            segments.sync()
            segments.roll(frame_size(entry.queued_bytes), created_ms=self._clock_ms())
            return self._add(entry)
        if self._gathered_bytes + length > self._group_bytes:
            self._flush()
        if not evidence_at:
            self._hold(entry.evidence, offset)
        mark = Mark(segments.next_serial, segments.salt, segments.durable, evidence_at, entry.is_external)
        segments.next_serial += 1
        header = encode_frame_header(mark, entry.fields, evidence, len(body))
        self._gathered += (header, entry.fields, evidence, body, encode_trailer(crc32(body), content))
        self._gathered_bytes += length
        return Position(worker=self._worker, segment=segments.sequence, offset=offset, length=length)

    def _evidence(self, entry: Entry) -> tuple[bytes, int]:
        """What to write of the evidence, and where an earlier frame of this segment holds it."""
        if self._held_in != self._segments.sequence:
            self._held, self._held_in = {}, self._segments.sequence
        at = self._held.get(entry.evidence, 0)
        return (b"", at) if at else (entry.evidence, 0)

    def _hold(self, evidence: bytes, offset: int) -> None:
        if len(self._held) >= _HELD_MAX:
            del self._held[next(iter(self._held))]
        self._held[evidence] = offset

    def _flush(self) -> None:
        if self._gathered:
            self._segments.write(b"".join(self._gathered))
            self._gathered, self._gathered_bytes = [], 0
