"""How records lie in a journal segment: a header page, then frames, each checked by sums, until the first invalid one.

::

    segment = header page (4096 bytes) frame*  zeros
    frame   = header (64 bytes) fields evidence body trailer (4 bytes: CRC-32 of the body) padding to 8 bytes

Every frame repeats the segment's random salt, so that a body which holds a copy of a frame is never taken for one.
Evidence that a frame before it in the segment holds already is not written again: the header says where it lies.
``durable_to`` is how far the segment was known to be on stable storage when the frame's group was written; it tells a
torn tail (never acknowledged) from damage in the middle. All integers are big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import msgspec

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.messagelog.record import MAX_FIELDS_BYTES

PAGE = 4096
FRAME_HEADER = 64
MAX_BODY_BYTES = 1 << 40
_SEGMENT_MAGIC = b"LTJOURN1"
_FRAME_MAGIC = b"LTm1"
_SEGMENT = struct.Struct(">8sIIQQQQQ")
_VERSION = 2
_FRAME = struct.Struct(">4sHHQQIIQQQI")
_SUM = struct.Struct(">I")
_PADDING = tuple(bytes(size) for size in range(8))


class SegmentError(ExchangeError):
    """A segment whose header page cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHeader:
    """First page of a segment."""

    worker: int
    """Which worker's journal it belongs to."""
    sequence: int
    """1, 2, 3, … without gaps within a journal."""
    salt: int
    """64 random bits, repeated in every frame."""
    previous_end: int
    """Where the durable data of the previous segment ends; 0 for the first segment."""
    first_serial: int
    """Serial number of the first record in this segment."""
    created_ms: int
    """Milliseconds since 1970-01-01 UTC."""


class FrameHeader(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What precedes a record."""

    serial: int
    """Counts records of one journal from 1 without gaps."""
    fields_size: int
    evidence_size: int
    """Bytes of evidence that follow the fields; 0 where an earlier frame holds it."""
    evidence_at: int
    """Offset of the earlier frame in this segment that holds the evidence; 0 where it follows the fields."""
    content_sum: int
    """CRC-32 of fields and evidence."""
    body_size: int
    """Stored bytes of the body that follow the evidence."""
    is_external: bool
    """Whether those bytes are the name of a file that holds the body, because it is large."""
    durable_to: int
    """How far the segment was durable when this was written."""

    @property
    def size(self) -> int:
        """Bytes of the whole frame, padding included."""
        return frame_size(self.fields_size + self.evidence_size + self.body_size)


def frame_size(content_size: int) -> int:
    """Bytes of a frame with so many bytes of fields, evidence and body together, a multiple of 8."""
    return (FRAME_HEADER + content_size + 4 + 7) & ~7


def encode_segment_header(header: SegmentHeader) -> bytes:
    """The header page, zero-padded."""
    packed = _SEGMENT.pack(
        _SEGMENT_MAGIC,
        _VERSION,
        header.worker,
        header.sequence,
        header.salt,
        header.previous_end,
        header.first_serial,
        header.created_ms,
    )
    return (packed + _SUM.pack(crc32(packed))).ljust(PAGE, b"\0")


def decode_segment_header(page: bytes) -> SegmentHeader:
    """Read a header page; raises SegmentError."""
    size = _SEGMENT.size
    if len(page) < size + 4 or _SUM.unpack_from(page, size)[0] != crc32(page[:size]):
        raise SegmentError("segment header is damaged")
    magic, version, worker, sequence, salt, previous_end, first_serial, created_ms = _SEGMENT.unpack_from(page)
    if magic != _SEGMENT_MAGIC or version != _VERSION:
        raise SegmentError("segment is of an unknown version")
    return SegmentHeader(
        worker=worker,
        sequence=sequence,
        salt=salt,
        previous_end=previous_end,
        first_serial=first_serial,
        created_ms=created_ms,
    )


class Mark(NamedTuple):
    """What a frame says of itself beside its sizes; one is made for every message."""

    serial: int
    salt: int
    durable_to: int
    evidence_at: int = 0
    is_external: bool = False


def encode_frame_header(mark: Mark, fields: bytes, evidence: bytes, body_size: int) -> bytes:
    """The 64 bytes before *fields* and *evidence*, which is empty where an earlier frame holds it."""
    packed = _FRAME.pack(
        _FRAME_MAGIC,
        _VERSION,
        mark.is_external,
        mark.salt,
        mark.serial,
        len(fields),
        len(evidence),
        body_size,
        mark.durable_to,
        mark.evidence_at,
        crc32(evidence, crc32(fields)),
    )
    return packed + _SUM.pack(crc32(packed))


def decode_frame_header(data: bytes | memoryview, *, salt: int, offset: int = 0) -> FrameHeader | None:
    """Read a frame header at *offset*; None when there is none of this segment."""
    end = offset + _FRAME.size
    if len(data) < offset + FRAME_HEADER or bytes(data[offset : offset + 4]) != _FRAME_MAGIC:
        return None
    if _SUM.unpack_from(data, end)[0] != crc32(data[offset:end]):
        return None
    _, version, flags, found_salt, serial, fields, evidence, body, durable_to, evidence_at, content_sum = (
        _FRAME.unpack_from(data, offset)
    )
    if version != _VERSION or flags > 1 or found_salt != salt:
        return None
    if max(fields, evidence) > MAX_FIELDS_BYTES or body > MAX_BODY_BYTES or (evidence and evidence_at):
        return None
    return FrameHeader(
        serial=serial,
        fields_size=fields,
        evidence_size=evidence,
        evidence_at=evidence_at,
        content_sum=content_sum,
        body_size=body,
        durable_to=durable_to,
        is_external=bool(flags),
    )


def encode_trailer(body_sum: int, content_size: int) -> bytes:
    """The body's CRC-32 and the padding after *content_size* bytes of fields, evidence and body."""
    return _SUM.pack(body_sum) + _PADDING[-(content_size + 4) & 7]


def decode_trailer(data: bytes | memoryview) -> int:
    """The body's CRC-32 out of a trailer's first four bytes."""
    value: int = _SUM.unpack_from(data)[0]
    return value


def find_frame(data: bytes | memoryview, start: int, *, salt: int) -> tuple[int, FrameHeader] | None:
    """The next frame header of this segment at or after *start*, on a boundary of 8 bytes."""
    raw = bytes(data)
    found = raw.find(_FRAME_MAGIC, start)
    while found >= 0:
        header = decode_frame_header(raw, salt=salt, offset=found) if found % 8 == 0 else None
        if header is not None:
            return found, header
        found = raw.find(_FRAME_MAGIC, found + 1)
    return None
