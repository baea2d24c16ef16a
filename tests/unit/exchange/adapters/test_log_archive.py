"""Old segments become archives: nothing is lost, nothing is there twice, wherever the process dies."""

import fcntl
import os
import random
import re
import signal
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from time import sleep

import pytest
from msgspec.structs import replace
from tests.fakes import pki
from tests.fakes.old_log import LATER, NOW_MS, OldLog
from tests.fakes.signing import stamp, trust

from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_reader import segment_numbers, segment_path
from lienthong.exchange.adapters.log_archive import LAST, DiskSteps, LogArchive, Outcome
from lienthong.exchange.adapters.log_archive_files import archives_in, check_archive, containers_of, find_container
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.exchange.messagelog.archive import ArchiveError
from lienthong.exchange.messagelog.entries import LogEntry, StoredTimestamp
from lienthong.exchange.messagelog.frames import PAGE, SegmentHeader, encode_segment_header
from lienthong.exchange.messagelog.record import LogRecord


@pytest.fixture
def log(tmp_path: Path) -> Iterator[OldLog]:
    log = OldLog(tmp_path)
    log.write(10)
    log.stamp()
    yield log
    log.index.close()


def test_old_segments_become_archives_that_anyone_can_verify(log: OldLog) -> None:
    closed = segment_numbers(log.journal)[:-1]
    assert len(closed) > 2
    outcomes = log.take()
    assert [(each.segment, each.kept) for each in outcomes] == [(number, "") for number in closed]
    assert [path.name for path in archives_in(log.archives)] == sorted(each.archive for each in outcomes)
    for path in archives_in(log.archives):
        reports = [verify_evidence(data, trust=trust()) for _, data in containers_of(path)]
        assert all(report.is_valid and report.time is not None for report in reports), reports
    log.require_chain()
    assert segment_numbers(log.journal) != closed
    assert check_journal(log.journal).is_sound
    assert sorted(log.archived() + log.kept()) == sorted(f"m{n}" for n in range(10))
    assert len(list(log.journal.glob("*.body"))) == sum(int(name[1:]) % 4 == 0 for name in log.kept())


def test_the_chain_goes_on_the_next_day(log: OldLog) -> None:
    log.take()
    assert log.take() == []
    before = archives_in(log.archives)
    log.write(6, time_ms=NOW_MS + 1000)
    log.stamp()
    assert log.take()
    assert set(before) < set(archives_in(log.archives))
    log.require_chain()
    assert sorted(log.archived() + log.kept()) == sorted(f"m{n}" for n in range(16))


def test_what_is_young_stays(log: OldLog) -> None:
    files = sorted(log.journal.iterdir())
    assert log.take(before=pki.NOW) == []
    assert sorted(log.journal.iterdir()) == files
    assert archives_in(log.archives) == []


def test_no_record_goes_without_its_timestamp(tmp_path: Path) -> None:
    log = OldLog(tmp_path)
    log.write(10)
    log.stamp(all_but=6)
    *_, last = outcomes = log.take()
    assert last.kept == "a record has no timestamp yet"
    assert all(not each.kept for each in outcomes[:-1])
    assert len(outcomes) > 1
    assert segment_numbers(log.journal)[0] == last.segment
    assert sorted(log.archived() + log.kept()) == sorted(f"m{n}" for n in range(10))


def test_a_timestamp_over_something_else_is_none(tmp_path: Path) -> None:
    log = OldLog(tmp_path)
    log.write(10)
    numbers = dict.fromkeys(item.number for item in log.index.pending(limit=100))
    log.index.store_timestamp(StoredTimestamp(token=stamp(b"x"), hash_chain_result=None, gen_time_ms=1), numbers)
    (outcome,) = log.take()
    assert "over other data" in outcome.kept
    assert (archives_in(log.archives), len(log.kept())) == ([], 10)


def test_a_damaged_segment_stays(log: OldLog) -> None:
    path = segment_path(log.journal, segment_numbers(log.journal)[1])
    data = bytearray(path.read_bytes())
    data[4096 + 200] ^= 1
    path.write_bytes(data)
    first, second = log.take()
    assert not first.kept
    assert "damaged" in second.kept
    assert path.read_bytes() == data


def test_a_body_that_is_gone_keeps_its_segment(log: OldLog) -> None:
    for body in log.journal.glob("*.body"):
        body.unlink()
    (outcome,) = log.take()
    assert "body" in outcome.kept or "cannot be read" in outcome.kept
    assert segment_path(log.journal, outcome.segment).exists()


def test_a_segment_whose_header_cannot_be_read_stays(log: OldLog) -> None:
    path = segment_path(log.journal, 1)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    (outcome,) = log.take()
    assert "cannot be read" in outcome.kept
    assert path.exists()


def test_a_record_that_the_index_does_not_know_stays(tmp_path: Path) -> None:
    log = OldLog(tmp_path)
    log.write(6, indexed=False)
    (outcome,) = log.take()
    assert outcome.kept == "a record is not in the index"
    assert archives_in(log.archives) == []
    log.index.close()


def test_a_segment_without_records_goes_without_an_archive(tmp_path: Path) -> None:
    """As a failed sync leaves one behind."""
    log = OldLog(tmp_path)
    log.journal.mkdir(parents=True)
    for sequence, previous_end in ((1, 0), (2, PAGE)):
        header = SegmentHeader(
            worker=0, sequence=sequence, salt=sequence, previous_end=previous_end, first_serial=1, created_ms=NOW_MS
        )
        segment_path(log.journal, sequence).write_bytes(encode_segment_header(header))
    assert log.take(before=pki.NOW) == []
    assert log.take() == [Outcome(worker=0, segment=1)]
    assert segment_numbers(log.journal) == [2]
    assert archives_in(log.archives) == []
    log.index.close()


class Unsteady(LogIndex):
    """Reads something else the first time."""

    def __init__(self, log: OldLog) -> None:
        super().__init__(SqliteDatabase(log.journals.parent / INDEX_FILE), log.journals)
        self.seen: set[int] = set()

    def read(self, entry: LogEntry) -> LogRecord:
        record = super().read(entry)
        if entry.number in self.seen:
            return record
        self.seen.add(entry.number)
        return replace(record, message=record.message + b"x:y\r\n")


def test_an_archive_that_is_not_what_the_journal_holds_is_thrown_away(log: OldLog) -> None:
    with Unsteady(log) as index:
        (outcome,) = LogArchive(log.archives, log.journals, index).take(before=LATER)
    assert "is not what the journal holds" in outcome.kept
    assert [path.name for path in log.archives.iterdir()] == ["lock"]
    assert len(log.kept()) == 10


class Killed(BaseException):
    """The process is no more."""


class Dying(DiskSteps):
    """Dies at one step, before or after it is done."""

    def __init__(self, at: int, *, done: bool) -> None:
        self.left, self.done = at, done

    def publish(self, temporary: Path, final: Path) -> None:
        self._step(lambda: super(Dying, self).publish(temporary, final))

    def remember(self, path: Path, data: bytes) -> None:
        self._step(lambda: super(Dying, self).remember(path, data))

    def remove(self, path: Path) -> None:
        self._step(lambda: super(Dying, self).remove(path))

    def _step(self, act: Callable[[], None]) -> None:
        self.left -= 1
        if self.left >= 0:
            act()
            return
        if self.done:
            act()
        raise Killed


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("at", range(9))
def test_whoever_dies_anywhere_loses_nothing_and_keeps_nothing_twice(log: OldLog, at: int, done: bool) -> None:
    with pytest.raises(Killed):
        log.take(steps=Dying(at, done=done))
    assert set(log.archived()) | set(log.kept()) == {f"m{n}" for n in range(10)}
    (log.archives / ".new").write_bytes(b"half an arch")
    log.take()
    log.require_chain()
    assert sorted(log.archived() + log.kept()) == sorted(f"m{n}" for n in range(10))
    assert len(segment_numbers(log.journal)) == 1 or not log.take()
    assert sorted(path.suffix for path in log.archives.iterdir() if path.name != "lock") == sorted(
        [".json", *(".zip" for _ in archives_in(log.archives))]
    )


def _archive(folder: Path) -> None:
    OldLog(folder).take()


def test_killed_at_random_instants(tmp_path: Path) -> None:
    log = OldLog(tmp_path)
    log.write(60)
    log.stamp()
    draw, processes = random.Random(5), get_context("fork")
    for _ in range(12):
        process = processes.Process(target=_archive, args=(tmp_path,))
        process.start()
        sleep(draw.uniform(0.005, 0.08))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        assert set(log.archived()) | set(log.kept()) == {f"m{n}" for n in range(60)}
    log.take()
    log.require_chain()
    assert sorted(log.archived() + log.kept()) == sorted(f"m{n}" for n in range(60))
    log.index.close()


class Full(DiskSteps):
    """A disk that takes no more."""

    def publish(self, temporary: Path, final: Path) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_changes_nothing(log: OldLog) -> None:
    files = sorted(log.journal.iterdir())
    with pytest.raises(OSError, match="No space"):
        log.take(steps=Full())
    assert sorted(log.journal.iterdir()) == files
    assert sorted(path.name for path in log.archives.iterdir()) == ["lock"]


def test_another_journal_with_the_same_numbers_is_left_alone(log: OldLog) -> None:
    """Somebody restored an older state: the segment that was archived is not this one."""
    log.take()
    taken = re.search(rb'"segment":(\d+)', (log.archives / LAST).read_bytes())
    assert taken is not None
    (log.journals.parent / "other").mkdir()
    other = OldLog(log.journals.parent / "other")
    other.write(10)
    sequence = int(taken[1])
    impostor = segment_path(other.journal, sequence).read_bytes()
    path = segment_path(log.journal, sequence)
    path.write_bytes(impostor)
    log.take()
    assert path.read_bytes() == impostor


def test_a_segment_whose_archive_is_gone_stays(log: OldLog) -> None:
    with pytest.raises(Killed):
        log.take(steps=Dying(1, done=True))
    (archive,) = archives_in(log.archives)
    archive.unlink()
    with pytest.raises(ArchiveError, match=re.escape(archive.name)):
        log.take()
    assert len(log.kept()) == 10


def test_a_segment_whose_archive_is_another_one_stays(log: OldLog) -> None:
    with pytest.raises(Killed):
        log.take(steps=Dying(1, done=True))
    (archive,) = archives_in(log.archives)
    (log.journals.parent / "other").mkdir()
    other = OldLog(log.journals.parent / "other")
    other.write(6)
    other.stamp()
    other.take()
    archive.write_bytes(archives_in(other.archives)[0].read_bytes())
    with pytest.raises(ArchiveError, match="is not the archive"):
        log.take()
    assert len(log.kept()) == 10
    other.index.close()


def test_one_process_archives(log: OldLog) -> None:
    log.archives.mkdir()
    holder = os.open(log.archives / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(ArchiveError, match="another process"):
        log.take()
    os.close(holder)
    assert log.take()


def test_nothing_is_archived_where_the_chain_is_not_known(log: OldLog) -> None:
    log.archives.mkdir()
    (log.archives / LAST).write_bytes(b"{")
    with pytest.raises(ArchiveError, match="last"):
        log.take()
    assert len(log.kept()) == 10


def test_a_container_is_found_by_its_name(log: OldLog) -> None:
    log.take()
    name, data = next(containers_of(archives_in(log.archives)[-1]))
    assert find_container(log.archives, name) == data
    assert find_container(log.archives, "none.asice") is None
    assert find_container(log.archives / "none", name) is None


def test_an_archive_that_is_none_is_named(log: OldLog) -> None:
    log.take()
    path = archives_in(log.archives)[0]
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(ArchiveError):
        check_archive(path)
    path.write_bytes(b"no archive")
    with pytest.raises(ArchiveError, match=re.escape(path.name)):
        check_archive(path)
