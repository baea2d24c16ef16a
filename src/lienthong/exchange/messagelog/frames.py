"""How records lie in a journal segment: a header page, then frames, each checked by sums, until the first invalid one.

::

    segment = header page (4096 bytes) frame*  zeros
    frame   = header (64 bytes) fields body trailer (4 bytes: CRC-32 of the body) padding to 8 bytes

Every frame repeats the segment's random salt, so that a body which holds a copy of a frame is never taken for one.
``durable_to`` is how far the segment was known to be on stable storage when the frame's group was written; it tells a
torn tail (never acknowledged) from damage in the middle. All integers are big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from zlib import crc32

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.messagelog.record import MAX_FIELDS_BYTES

PAGE = 4096
FRAME_HEADER = 64
MAX_BODY_BYTES = 1 << 40
_SEGMENT_MAGIC = b"LTJOURN1"
_FRAME_MAGIC = b"LTm1"
_SEGMENT = struct.Struct(">8sIIQQQQQ")
_FRAME = struct.Struct(">4sIQQIQQQI")
_SUM = struct.Struct(">I")
_SUM_AND_PADDING = struct.Struct(">I4x")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameHeader:
    """What precedes a record."""

    serial: int
    """Counts records of one journal from 1 without gaps."""
    fields_size: int
    fields_sum: int
    """CRC-32 of the encoded fields."""
    body_size: int
    """Stored bytes of the body that follow the fields."""
    is_external: bool
    """Whether those bytes are the name of a file that holds the body, because it is large."""
    durable_to: int
    """How far the segment was durable when this was written."""

    @property
    def size(self) -> int:
        """Bytes of the whole frame, padding included."""
        return frame_size(self.fields_size, self.body_size)


def frame_size(fields_size: int, body_size: int) -> int:
    """Bytes of a frame with fields and body of these sizes, a multiple of 8."""
    return (FRAME_HEADER + fields_size + body_size + 4 + 7) & ~7


def encode_segment_header(header: SegmentHeader) -> bytes:
    """The header page, zero-padded."""
    packed = _SEGMENT.pack(
        _SEGMENT_MAGIC,
        1,
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
    if magic != _SEGMENT_MAGIC or version != 1:
        raise SegmentError("segment is of an unknown version")
    return SegmentHeader(
        worker=worker,
        sequence=sequence,
        salt=salt,
        previous_end=previous_end,
        first_serial=first_serial,
        created_ms=created_ms,
    )


def encode_frame_header(
    serial: int, fields: bytes, body_size: int, salt: int, durable_to: int, *, is_external: bool = False
) -> bytes:
    """The 64 bytes before *fields*."""
    size = len(fields)
    packed = _FRAME.pack(_FRAME_MAGIC, 1, salt, serial, size, body_size, durable_to, is_external, crc32(fields))
    return packed + _SUM_AND_PADDING.pack(crc32(packed))


def decode_frame_header(data: bytes | memoryview, *, salt: int, offset: int = 0) -> FrameHeader | None:
    """Read a frame header at *offset*; None when there is none of this segment."""
    end = offset + _FRAME.size
    if len(data) < offset + FRAME_HEADER or bytes(data[offset : offset + 4]) != _FRAME_MAGIC:
        return None
    if _SUM.unpack_from(data, end)[0] != crc32(data[offset:end]):
        return None
    _, version, found_salt, serial, fields_size, body_size, durable_to, flags, fields_sum = _FRAME.unpack_from(
        data, offset
    )
    if version != 1 or flags > 1 or found_salt != salt or fields_size > MAX_FIELDS_BYTES or body_size > MAX_BODY_BYTES:
        return None
    return FrameHeader(
        serial=serial,
        fields_size=fields_size,
        fields_sum=fields_sum,
        body_size=body_size,
        durable_to=durable_to,
        is_external=bool(flags),
    )


def encode_trailer(body_sum: int, content_size: int) -> bytes:
    """The body's CRC-32 and the padding after *content_size* bytes of header, fields and body."""
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
