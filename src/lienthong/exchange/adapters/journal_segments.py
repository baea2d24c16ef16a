"""Writes the segments of one journal: recovery, pre-zeroed segments ahead of need, the durable watermark."""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from lienthong.exchange.adapters.journal_files import FilePort, JournalError
from lienthong.exchange.adapters.journal_reader import (
    WATERMARK,
    Damage,
    Frame,
    Segment,
    encode_watermark,
    read_watermark,
    scan,
    segment_numbers,
    segment_path,
)
from lienthong.exchange.messagelog.frames import PAGE, SegmentError, SegmentHeader, encode_segment_header

_PREPARED = "next.prepared"
_FRESH = "next.fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSizes:
    """How large segment files are made: small at first, so that an idle server takes little disk."""

    first: int = 1024 * 1024
    largest: int = 64 * 1024 * 1024
    growth: int = 4

    def __post_init__(self) -> None:
        if self.first < 2 * PAGE or self.largest < self.first or self.growth < 1:
            raise ValueError("segments are at least two pages, and grow")

    def nth(self, count: int) -> int:
        """Size of the *count*-th segment since the start, from 0."""
        return int(min(self.largest, self.first * self.growth ** min(count, 16)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    descriptor: int
    size: int


class SegmentWriter:
    """The end of one journal; used by one thread at a time."""

    def __init__(self, folder: Path, worker: int, files: FilePort, sizes: SegmentSizes) -> None:
        self._folder = folder
        self._worker = worker
        self._files = files
        self._sizes = sizes
        self._lock = -1
        self._watermark = -1
        self._descriptor = -1
        self._prepared: _Prepared | None = None
        self._preparing: threading.Thread | None = None
        self._made = 0
        self.sequence = 0
        """The segment written to."""
        self.durable = 0
        """Offset in this segment up to which everything is on stable storage."""
        self.salt = 0
        self._durable_serial = 1
        self.next_serial = 1
        self.end = 0
        """Where the next frame goes."""
        self.size = 0

    @property
    def is_open(self) -> bool:
        """Whether there is a sound segment to write to."""
        return self._descriptor >= 0

    def open(self, *, created_ms: int) -> None:
        """Take the folder, recover its last segment, begin a new one; raises JournalError, OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        for leftover in (_PREPARED, _FRESH):
            (self._folder / leftover).unlink(missing_ok=True)
        self._watermark = os.open(self._folder / WATERMARK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._recover()
        self._durable_serial = self.next_serial
        self.roll(0, created_ms=created_ms)

    def _take_lock(self) -> None:
        self._lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = -1
            raise JournalError(f"journal of worker {self._worker} is in use by another process") from None

    def _recover(self) -> None:
        numbers = segment_numbers(self._folder)
        if not numbers:
            return
        self.sequence = numbers[-1]
        try:
            with Segment(self._folder, self.sequence) as segment:
                header = segment.header
                self.durable = self._find_end(segment)
        except SegmentError as exc:
            raise JournalError(f"segment {self.sequence} of worker {self._worker}: {exc}; run check") from exc
        path = segment_path(self._folder, self.sequence)
        if self.durable > PAGE:
            self._seal(path)
        else:  # nothing was ever written to it: use its number again
            path.unlink()
            self.sequence, self.durable = header.sequence - 1, header.previous_end

    def _find_end(self, segment: Segment) -> int:
        watermark = read_watermark(self._folder)
        known = watermark[1] if watermark is not None and watermark[0] == segment.sequence else PAGE
        self.next_serial = segment.header.first_serial
        end = PAGE
        for found in scan(segment, PAGE, known_end=known, whole=True, beyond=True):
            match found:
                case Frame():
                    end = found.position.offset + found.position.length
                    self.next_serial = found.header.serial + 1
                case Damage():
                    end = max(end, min(found.end, known))
        return end

    def _seal(self, path: Path) -> None:
        """Make the recovered tail durable before anyone is told of it, and cut off what was torn."""
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._files.truncate(descriptor, self.durable)
            self._files.datasync(descriptor)
        finally:
            os.close(descriptor)

    def roll(self, needed: int, *, created_ms: int) -> None:
        """Go on in a new segment with room for *needed* bytes; raises OSError."""
        prepared = self._take_prepared(needed + PAGE)
        header = SegmentHeader(
            worker=self._worker,
            sequence=self.sequence + 1,
            salt=secrets.randbits(64),
            previous_end=self.durable if self.sequence else 0,
            first_serial=self.next_serial,
            created_ms=created_ms,
        )
        try:
            self._files.write(prepared.descriptor, encode_segment_header(header), 0)
            self._files.datasync(prepared.descriptor)
            source = self._folder / _FRESH
            self._files.publish(source, segment_path(self._folder, header.sequence))
        except BaseException:
            os.close(prepared.descriptor)
            raise
        self._leave()
        self._descriptor, self.size, self.salt = prepared.descriptor, prepared.size, header.salt
        self.sequence, self._made = header.sequence, self._made + 1
        self.end = self.durable = PAGE
        self._publish_watermark()

    def _take_prepared(self, needed: int) -> _Prepared:
        if self._preparing is not None:
            self._preparing.join()
            self._preparing = None
        prepared, self._prepared = self._prepared, None
        fresh = self._folder / _FRESH
        if prepared is not None and prepared.size >= needed:
            (self._folder / _PREPARED).rename(fresh)
            return prepared
        if prepared is not None:
            os.close(prepared.descriptor)
            (self._folder / _PREPARED).unlink(missing_ok=True)
        size = max(self._sizes.nth(self._made), (needed + PAGE - 1) // PAGE * PAGE)
        return _Prepared(descriptor=self._files.create(fresh, size, zeroed=size <= self._sizes.first), size=size)

    def prepare_ahead(self) -> None:
        """Zero the next segment in the background once this one is half full."""
        if self._prepared is None and self._preparing is None and self.end * 2 > self.size:
            self._preparing = threading.Thread(target=self._prepare, name="journal-prepare", daemon=True)
            self._preparing.start()

    def _prepare(self) -> None:
        size = self._sizes.nth(self._made)
        try:
            descriptor = self._files.create(self._folder / _PREPARED, size, zeroed=True)
        except OSError:
            return  # the roll that needs the segment makes it itself and reports the failure to those who wait
        self._prepared = _Prepared(descriptor=descriptor, size=size)

    def write(self, data: bytes | memoryview) -> None:
        """Write at the end; not durable yet."""
        self._files.write(self._descriptor, data, self.end)
        self.end += len(data)

    def sync(self) -> None:
        """Make everything written durable and tell readers."""
        self._files.datasync(self._descriptor)
        self.durable, self._durable_serial = self.end, self.next_serial
        self._publish_watermark()

    def _publish_watermark(self) -> None:
        os.pwrite(self._watermark, encode_watermark(self.sequence, self.durable), 0)

    def abandon(self) -> None:
        """Never write to this segment again: after a failed sync nobody knows what the disk holds."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
        self.next_serial = self._durable_serial

    def _leave(self) -> None:
        """Give back the unused end of a segment that was written without error."""
        if self._descriptor < 0:
            return
        try:
            self._files.truncate(self._descriptor, self.durable)
        except OSError:
            pass  # costs disk space only: the successor says where the data ends
        finally:
            self.abandon()

    def close(self) -> None:
        """Release everything; the journal can be opened again."""
        if self._preparing is not None:
            self._preparing.join()
        if self._prepared is not None:
            os.close(self._prepared.descriptor)
            (self._folder / _PREPARED).unlink(missing_ok=True)
        self._leave()
        for descriptor in (self._watermark, self._lock):
            if descriptor >= 0:
                os.close(descriptor)
        self._watermark = self._lock = -1
