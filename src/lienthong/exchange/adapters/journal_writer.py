"""Lays a group of records into segments: gathered writes and one sync."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from zlib import crc32

from lienthong.exchange.adapters.journal_segments import SegmentWriter
from lienthong.exchange.messagelog.entries import Position
from lienthong.exchange.messagelog.frames import (
    FRAME_HEADER,
    encode_frame_header,
    encode_trailer,
    frame_size,
)


class Entry:
    """A record on its way to the disk, and who waits for it."""

    __slots__ = ("body", "fields", "frame_size", "future", "is_external", "queued_bytes")

    def __init__(
        self, fields: bytes, body: bytes, future: asyncio.Future[Position], *, is_external: bool = False
    ) -> None:
        self.fields = fields
        self.body = body
        self.future = future
        self.is_external = is_external
        self.queued_bytes = len(fields) + len(body)
        self.frame_size = frame_size(len(fields), len(body))


class GroupWriter:
    """Turns groups of entries into durable frames; used by the journal's thread."""

    def __init__(self, segments: SegmentWriter, worker: int, group_bytes: int, clock_ms: Callable[[], int]) -> None:
        self._segments = segments
        self._worker = worker
        self._group_bytes = group_bytes
        self._clock_ms = clock_ms
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0

    def write(self, group: list[Entry]) -> list[Position]:
        """Write all and sync; raises OSError, after which the segment must be abandoned."""
        self._gathered, self._gathered_bytes = [], 0
        positions = [self._add(entry) for entry in group]
        self._flush()
        self._segments.sync()
        return positions

    def _add(self, entry: Entry) -> Position:
        segments, length = self._segments, entry.frame_size
        offset = segments.end + self._gathered_bytes
        if offset + length > segments.size:
            self._flush()
            segments.sync()
            segments.roll(length, created_ms=self._clock_ms())
            offset = segments.end
        elif self._gathered_bytes + length > self._group_bytes:
            self._flush()
        serial = segments.next_serial
        segments.next_serial = serial + 1
        fields, body = entry.fields, entry.body
        header = encode_frame_header(
            serial, fields, len(body), segments.salt, segments.durable, is_external=entry.is_external
        )
        self._gathered += (header, fields, body, encode_trailer(crc32(body), FRAME_HEADER + len(fields) + len(body)))
        self._gathered_bytes += length
        return Position(worker=self._worker, segment=segments.sequence, offset=offset, length=length)

    def _flush(self) -> None:
        if self._gathered:
            self._segments.write(b"".join(self._gathered))
            self._gathered, self._gathered_bytes = [], 0
