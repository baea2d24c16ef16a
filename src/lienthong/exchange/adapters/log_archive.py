"""Moves old segments of the journals into archives: written, read back, compared, and only then the segment goes.

A segment goes whole, oldest first, when another follows it, every record in it is older than asked and has its
timestamp, and nothing in it is damaged. ``last.json`` beside the archives says where their chain has come to and which
segment it came from; it is written between the archive and the removal, so that a process that dies anywhere archives
no record twice and removes none that is in no archive.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from lienthong.exchange.adapters import log_archive_files as files
from lienthong.exchange.adapters.durable_files import sync_folder, write_whole
from lienthong.exchange.adapters.journal_reader import segment_numbers, segment_path
from lienthong.exchange.adapters.log_archive_segment import OldSegment, StoredRecord
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder, worker_numbers
from lienthong.exchange.adapters.log_index_query import MAX_PAGE
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.message.evidence import EvidenceContainer, read_evidence
from lienthong.exchange.messagelog.archive import ArchiveError, ChainEnd, archive_name, require_stamped
from lienthong.exchange.messagelog.container import ExportedContainer, build_evidence, export_container
from lienthong.exchange.messagelog.entries import LogEntry, LogQuery
from lienthong.trust.errors import TrustError

LAST = "last.json"
"""Says where the chain has come to."""
_TEMPORARY = ".new"


class Last(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The last archive, and the segment that is in it."""

    digest: str
    """Where the chain has come to, hexadecimal."""
    archive: str
    """File name."""
    worker: int
    segment: int
    salt: int
    """The segment's own random number: another journal that begins at 1 again is not taken for this one."""


class ArchiveSteps(Protocol):
    """What changes the disk for good, step by step; every call may raise OSError."""

    def publish(self, temporary: Path, final: Path) -> None:
        """Give a finished archive its name."""
        ...

    def remember(self, path: Path, data: bytes) -> None:
        """Write ``last.json`` whole."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file that may be gone already."""
        ...


class DiskSteps:
    """The operating system's files."""

    def publish(self, temporary: Path, final: Path) -> None:
        """Rename, durably."""
        files.publish(temporary, final)

    def remember(self, path: Path, data: bytes) -> None:
        """Beside, then in place."""
        write_whole(path, data, mode=0o600)

    def remove(self, path: Path) -> None:
        """Unlink, durably."""
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one old segment."""

    worker: int
    segment: int
    records: int = 0
    archive: str = ""
    """File that holds its records now; empty where it held none, or where it stays."""
    kept: str = ""
    """Why it stays, in English; empty where it is gone."""


class LogArchive:
    """The archive folder of one security server."""

    def __init__(self, folder: Path, journals: Path, index: LogIndex, *, steps: ArchiveSteps | None = None) -> None:
        self._folder, self._journals, self._index = folder, journals, index
        self._steps = steps or DiskSteps()

    def take(self, *, before: datetime) -> Iterator[Outcome]:
        """Archive every segment whose records are all older than *before*; says what became of each.

        Raises:
            ArchiveError: another process archives, or ``last.json`` cannot be read.
            JournalError, OSError: the log or the disk refuses; what was told before is done.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(self._folder):
            self._finish_removal()
            for worker in worker_numbers(self._journals):
                yield from self._take_worker(worker, int(before.timestamp() * 1000))

    def _take_worker(self, worker: int, before_ms: int) -> Iterator[Outcome]:
        for sequence in segment_numbers(worker_folder(self._journals, worker))[:-1]:
            try:
                outcome = self._take_segment(worker, sequence, before_ms)
            except (ExchangeError, TrustError) as exc:
                outcome = Outcome(worker=worker, segment=sequence, kept=str(exc))
            if outcome is not None:
                yield outcome
            if outcome is None or outcome.kept:
                return

    def _take_segment(self, worker: int, sequence: int, before_ms: int) -> Outcome | None:
        """None where it is too young."""
        segment = OldSegment(worker_folder(self._journals, worker), sequence)
        records = segment.records()
        if max((record.outline.time_ms for record in records), default=segment.begun_ms) >= before_ms:
            return None
        name = ""
        if records:
            digest, name = self._archive([self._entry(record) for record in records])
            last = Last(digest=digest, archive=name, worker=worker, segment=sequence, salt=segment.salt)
            self._steps.remember(self._folder / LAST, msgspec.json.encode(last))
        segment.remove(self._steps.remove)
        return Outcome(worker=worker, segment=sequence, records=len(records), archive=name)

    def _entry(self, record: StoredRecord) -> LogEntry:
        """What the index knows of a record; raises ArchiveError where that is not enough."""
        outline = record.outline
        query = LogQuery(message_id=outline.message_id, from_ms=outline.time_ms, until_ms=outline.time_ms + 1)
        found = self._index.search(query, limit=MAX_PAGE)
        entry = next((each for each in found if each.position == record.position), None)
        if entry is None:
            raise ArchiveError("a record is not in the index")
        if entry.timestamp is None:
            raise ArchiveError("a record has no timestamp yet")
        return entry

    def _archive(self, entries: list[LogEntry]) -> tuple[str, str]:
        """Where the chain has come to with these records, and the name of their archive."""
        last = self._last()
        previous = ChainEnd() if last is None else ChainEnd(digest=last.digest, archive=last.archive)
        temporary, times = self._folder / _TEMPORARY, [_time(entry) for entry in entries]
        try:
            exported = (self._export(entry) for entry in entries)
            info = files.write_archive(temporary, zip(times, exported, strict=True), previous)
            if files.check_archive(temporary) != info:
                raise ArchiveError("the archive does not read as it was written")
            self._compare(temporary, entries)
            name = archive_name(min(times), max(times), info.digest)
            self._steps.publish(temporary, self._folder / name)
        finally:
            temporary.unlink(missing_ok=True)
        return info.digest, name

    def _export(self, entry: LogEntry) -> ExportedContainer:
        timestamp = self._index.timestamp_of(entry.number)
        return export_container(self._index.read(entry), number=entry.number, timestamp=timestamp)

    def _compare(self, archive: Path, entries: list[LogEntry]) -> None:
        """Require that each container reads as its record, under a timestamp that is over its signature."""
        for entry, (_, data) in zip(entries, files.containers_of(archive), strict=True):
            evidence: EvidenceContainer = read_evidence(data)
            if evidence != build_evidence(self._index.read(entry), self._index.timestamp_of(entry.number)):
                raise ArchiveError(f"the container of record {entry.number} is not what the journal holds")
            require_stamped(evidence)

    def _finish_removal(self) -> None:
        """Take away the segment that is in the last archive, where a process died before it did."""
        last = self._last()
        if last is None:
            return
        folder = worker_folder(self._journals, last.worker)
        if segment_path(folder, last.segment).exists():
            segment = OldSegment(folder, last.segment)
            if segment.salt == last.salt:
                if files.check_archive(self._folder / last.archive).digest != last.digest:
                    raise ArchiveError(f"{last.archive} is not the archive that {LAST} names")
                segment.remove(self._steps.remove)

    def _last(self) -> Last | None:
        try:
            return msgspec.json.decode((self._folder / LAST).read_bytes(), type=Last)
        except FileNotFoundError:
            return None
        except msgspec.DecodeError as exc:
            raise ArchiveError(f"{LAST} cannot be read: it says where the chain of archives goes on") from exc


def _time(entry: LogEntry) -> datetime:
    return datetime.fromtimestamp(entry.time_ms // 1000, UTC)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raises ArchiveError when another process does."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ArchiveError("another process archives this log") from None
    finally:
        os.close(descriptor)
