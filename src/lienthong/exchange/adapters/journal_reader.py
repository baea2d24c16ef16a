"""Reads journals while workers write them: what is durable, what a frame holds, where damage lies."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import msgspec

from lienthong.exchange.adapters.journal_bodies import read_large_body
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.messagelog.entries import Position
from lienthong.exchange.messagelog.frames import (
    FRAME_HEADER,
    PAGE,
    FrameHeader,
    SegmentError,
    SegmentHeader,
    decode_frame_header,
    decode_segment_header,
    decode_trailer,
    find_frame,
)
from lienthong.exchange.messagelog.record import LogRecord, Outline, RecordError, decode_outline, decode_record

SEGMENT_SUFFIX = ".segment"
WATERMARK = "durable"
_WATERMARK = struct.Struct(">QQI")
_CHUNK = 1024 * 1024


class DamageKind(Enum):
    """What is wrong with a stretch of a journal."""

    TORN_TAIL = "torn tail"
    """The last group was cut short by a crash; it was never acknowledged."""
    CORRUPT = "corrupt"
    """Acknowledged bytes have changed."""
    BAD_HEADER = "bad header"
    """The segment's first page cannot be read."""
    MISSING = "missing"
    """A segment, or the file of a large body, is gone."""
    UNREADABLE = "unreadable"
    """The bytes are sound but of a version unknown here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A stretch that holds no readable records."""

    kind: DamageKind
    segment: int
    start: int
    """Byte offset."""
    end: int
    """Byte offset after the damage."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A valid frame and where it lies."""

    position: Position
    header: FrameHeader


def segment_path(folder: Path, sequence: int) -> Path:
    """File of a segment."""
    return folder / f"{sequence:012d}{SEGMENT_SUFFIX}"


def segment_numbers(folder: Path) -> list[int]:
    """Sequence numbers present, ascending."""
    names = (entry.name for entry in os.scandir(folder))
    return sorted(
        int(name.removesuffix(SEGMENT_SUFFIX))
        for name in names
        if name.endswith(SEGMENT_SUFFIX) and name.removesuffix(SEGMENT_SUFFIX).isdigit()
    )


def encode_watermark(sequence: int, end: int) -> bytes:
    """What the watermark file holds: how far the journal is durable."""
    head = struct.pack(">QQ", sequence, end)
    return head + struct.pack(">I", zlib.crc32(head))


def read_watermark(folder: Path) -> tuple[int, int] | None:
    """Segment and offset up to which the journal is durable; None when unknown."""
    for _ in range(3):  # a reader may meet a half-written value; the next look sees it whole
        try:
            data = (folder / WATERMARK).read_bytes()
        except FileNotFoundError:
            return None
        if len(data) == _WATERMARK.size and _WATERMARK.unpack(data)[2] == zlib.crc32(data[:16]):
            sequence, end, _ = _WATERMARK.unpack(data)
            return sequence, end
    return None


class Segment:
    """An open segment file, read through a window of memory."""

    def __init__(self, folder: Path, sequence: int) -> None:
        self.sequence = sequence
        self._descriptor = os.open(segment_path(folder, sequence), os.O_RDONLY | os.O_CLOEXEC)
        self._start = 0
        self._window = b""
        try:
            self.header: SegmentHeader = decode_segment_header(os.pread(self._descriptor, PAGE, 0))
            self.size = os.fstat(self._descriptor).st_size
        except BaseException:
            os.close(self._descriptor)
            raise

    def __enter__(self) -> Segment:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def read(self, offset: int, size: int) -> memoryview:
        """Up to *size* bytes at *offset*; fewer at the end of the file."""
        start = offset - self._start
        if start < 0 or start + size > len(self._window):
            self._window = os.pread(self._descriptor, max(size, _CHUNK), offset)
            self._start, start = offset, 0
        return memoryview(self._window)[start : start + size]

    def frame_at(self, offset: int, limit: int, *, whole: bool) -> FrameHeader | None:
        """The valid frame at *offset* that ends by *limit*; *whole* checks its body's sum too."""
        header = decode_frame_header(self.read(offset, FRAME_HEADER), salt=self.header.salt)
        if header is None or offset + header.size > limit:
            return None
        content = self.read(offset + FRAME_HEADER, header.fields_size + header.evidence_size)
        if zlib.crc32(content) != header.content_sum:
            return None
        return header if not whole or self._body_is_sound(offset, header) else None

    def fields(self, offset: int, header: FrameHeader) -> bytes:
        """The encoded fields of the frame at *offset*."""
        return bytes(self.read(offset + FRAME_HEADER, header.fields_size))

    def evidence(self, offset: int, header: FrameHeader) -> bytes:
        """The encoded evidence of the frame at *offset*; raises JournalError where its holder is damaged."""
        if header.evidence_at:
            holder = self.frame_at(header.evidence_at, offset, whole=False)
            if holder is None or holder.evidence_at:
                raise JournalError(f"evidence at segment {self.sequence} offset {header.evidence_at} is damaged")
            offset, header = header.evidence_at, holder
        return bytes(self.read(offset + FRAME_HEADER + header.fields_size, header.evidence_size))

    def body(self, offset: int, header: FrameHeader) -> Iterator[bytes]:
        """The stored body of the frame at *offset*, in pieces."""
        start = _body_start(offset, header)
        for done in range(0, header.body_size, _CHUNK):
            yield bytes(self.read(start + done, min(_CHUNK, header.body_size - done)))

    def _body_is_sound(self, offset: int, header: FrameHeader) -> bool:
        found = 0
        for piece in self.body(offset, header):
            found = zlib.crc32(piece, found)
        trailer = self.read(_body_start(offset, header) + header.body_size, 4)
        return len(trailer) == 4 and decode_trailer(trailer) == found

    def next_frame(self, start: int, limit: int) -> tuple[int, FrameHeader] | None:
        """The next valid frame header at or after *start*, for going on behind damage."""
        for chunk_start in range(start - start % 8, limit, _CHUNK):
            data = self.read(chunk_start, min(_CHUNK + FRAME_HEADER, limit - chunk_start))
            found = find_frame(data, max(0, start - chunk_start), salt=self.header.salt)
            if found is not None:
                return chunk_start + found[0], found[1]
        return None

    def is_blank(self, start: int) -> bool:
        """Whether only zeros follow."""
        return all(not any(self.read(at, _CHUNK)) for at in range(start, self.size, _CHUNK))


def _body_start(offset: int, header: FrameHeader) -> int:
    return offset + FRAME_HEADER + header.fields_size + header.evidence_size


def scan(segment: Segment, start: int, *, known_end: int, whole: bool, beyond: bool) -> Iterator[Frame | Damage]:
    """Frames of a segment from *start*, and the damage between them.

    Args:
        known_end: How far the segment is known to be durable, from the next segment or the watermark: everything before
            it was acknowledged.
        whole: Whether bodies are checked too.
        beyond: Whether to go on behind *known_end*, as recovery does when the last watermark may be old.
    """
    offset = start
    while beyond or offset < known_end:
        header = segment.frame_at(offset, segment.size, whole=whole)
        if header is not None:
            yield Frame(position=_position(segment, offset, header), header=header)
            offset += header.size
            continue
        resumed = _resume_after(segment, offset, known_end)
        if resumed is None:
            break
        yield Damage(kind=DamageKind.CORRUPT, segment=segment.sequence, start=offset, end=resumed)
        offset = resumed
    yield from _tail(segment, offset, known_end, beyond=beyond)


def _tail(segment: Segment, offset: int, known_end: int, *, beyond: bool) -> Iterator[Damage]:
    if offset < known_end:
        yield Damage(kind=DamageKind.CORRUPT, segment=segment.sequence, start=offset, end=known_end)
    elif beyond and not segment.is_blank(offset):
        yield Damage(kind=DamageKind.TORN_TAIL, segment=segment.sequence, start=offset, end=segment.size)


def _resume_after(segment: Segment, offset: int, known_end: int) -> int | None:
    """Where sound frames go on after acknowledged damage at *offset*; None at the end of what was acknowledged."""
    first: int | None = None
    search = offset + 8
    while (found := segment.next_frame(search, segment.size)) is not None:
        at, header = found
        if segment.frame_at(at, segment.size, whole=False) is not None:
            first = at if first is None else first
            if header.durable_to > offset or known_end > offset:
                return first
            search = at + header.size
        else:
            search = at + 8
    return None


def _position(segment: Segment, offset: int, header: FrameHeader) -> Position:
    return Position(worker=segment.header.worker, segment=segment.sequence, offset=offset, length=header.size)


class JournalReader:
    """One worker's journal, read by the supervisor or a command while the worker writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def durable_end(self, sequence: int) -> int:
        """How far a segment is known to be durable: from its successor, else from the watermark."""
        try:
            with Segment(self.folder, sequence + 1) as successor:
                return successor.header.previous_end
        except (FileNotFoundError, SegmentError):
            pass
        watermark = read_watermark(self.folder)
        return watermark[1] if watermark is not None and watermark[0] == sequence else PAGE

    def follow(self, sequence: int, offset: int) -> Iterator[tuple[Position, Outline] | Damage]:
        """Outlines of durable records from a place on; a damaged stretch is passed by and named."""
        for number in segment_numbers(self.folder):
            if number >= sequence:
                yield from self._follow_segment(number, offset if number == sequence else PAGE)

    def _follow_segment(self, sequence: int, start: int) -> Iterator[tuple[Position, Outline] | Damage]:
        end = self.durable_end(sequence)
        if start >= end:
            return
        try:
            segment = Segment(self.folder, sequence)
        except SegmentError:
            yield Damage(kind=DamageKind.BAD_HEADER, segment=sequence, start=start, end=end)
            return
        with segment:
            for found in scan(segment, start, known_end=end, whole=False, beyond=False):
                if isinstance(found, Damage):
                    yield found
                else:
                    yield _decode(segment, found)

    def read(self, position: Position) -> LogRecord:
        """The record at *position* with its body; raises JournalError when it is damaged or gone."""
        try:
            with Segment(self.folder, position.segment) as segment:
                header = segment.frame_at(position.offset, segment.size, whole=True)
                if header is None:
                    raise JournalError(f"record at segment {position.segment} offset {position.offset} is damaged")
                fields, evidence = segment.fields(position.offset, header), segment.evidence(position.offset, header)
                record = decode_record(fields, evidence)
                body = b"".join(segment.body(position.offset, header))
            if header.is_external:
                body = b"".join(read_large_body(self.folder, body))
            return record.with_body(body or None)
        except (OSError, SegmentError, RecordError, ValueError) as exc:
            raise JournalError(f"segment {position.segment} cannot be read ({type(exc).__name__})") from None


def _decode(segment: Segment, frame: Frame) -> tuple[Position, Outline] | Damage:
    """A sound frame's record in outline; a sound frame of an unknown version is damage to this reader."""
    start = frame.position.offset
    try:
        return frame.position, decode_outline(segment.fields(start, frame.header))
    except RecordError:
        end = start + frame.position.length
        return Damage(kind=DamageKind.UNREADABLE, segment=segment.sequence, start=start, end=end)
