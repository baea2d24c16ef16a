"""Appends return when records are durable; failures reach everyone who waits, and nothing is shown twice."""

import asyncio
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fakes.journal_files import FailingFiles
from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import Damage, JournalReader, segment_numbers
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.messagelog.entries import Body
from lienthong.exchange.messagelog.record import BodyState, LogRecord

SMALL = JournalSettings(sizes=SegmentSizes(first=16 * 1024, largest=64 * 1024), inline_bytes=4096, retry_seconds=0.0)


def logged(folder: Path) -> list[str]:
    """Message ids in the durable part of a journal, in order."""
    found = []
    for item in JournalReader(folder).follow(0, 4096):
        assert not isinstance(item, Damage), item
        found.append(item[1].message_id)
    return found


def stored(name: str) -> LogRecord:
    return log_record(name, body_state=BodyState.STORED)


async def _chunks(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def test_not_open(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="not open"):
        asyncio.run(Journal(tmp_path, worker=0).append(log_record()))


def test_a_record_is_read_back_where_the_append_said(tmp_path: Path) -> None:
    async def run() -> None:
        record = log_record("a", body=b"body", user_id="officer", issue="H10-1")
        async with Journal(tmp_path / "w0", worker=0, settings=SMALL) as journal:
            position = await journal.append(record)
            assert JournalReader(tmp_path / "w0").read(position) == record
            assert logged(tmp_path / "w0") == ["a"], "readers see it while the worker runs"
        assert JournalReader(tmp_path / "w0").read(position) == record

    asyncio.run(run())


def test_many_wait_for_few_syncs_and_segments_roll(tmp_path: Path) -> None:
    files = FailingFiles()

    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL, files=files) as journal:
            positions = await asyncio.gather(*(journal.append(log_record(f"m{n}")) for n in range(500)))
        assert len({(p.segment, p.offset) for p in positions}) == 500

    asyncio.run(run())
    assert sorted(logged(tmp_path)) == sorted(f"m{n}" for n in range(500))
    assert files.syncs < 60
    assert len(segment_numbers(tmp_path)) > 2
    report = check_journal(tmp_path)
    assert (report.records, report.is_sound, report.damage) == (500, True, ())


def test_restarts_go_on_and_leave_no_empty_segments(tmp_path: Path) -> None:
    async def run(name: str | None) -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL) as journal:
            if name:
                await journal.append(log_record(name))

    for name in ("a", None, None, "b", None, "c"):
        asyncio.run(run(name))
    assert logged(tmp_path) == ["a", "b", "c"]
    assert segment_numbers(tmp_path) == [1, 2, 3]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000, "closed segments are cut to their content"


def test_one_folder_has_one_writer(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL):
            with pytest.raises(JournalError, match="in use"):
                await Journal(tmp_path, worker=0, settings=SMALL).open()

    asyncio.run(run())


def test_queue_is_bounded_and_everyone_gets_through(tmp_path: Path) -> None:
    settings = JournalSettings(sizes=SMALL.sizes, queue_bytes=2000, group_bytes=1500)

    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=settings) as journal:
            await asyncio.gather(*(journal.append(log_record(f"m{n}", body=bytes(700))) for n in range(60)))

    asyncio.run(run())
    assert sorted(logged(tmp_path)) == sorted(f"m{n}" for n in range(60))


def test_a_cancelled_append_harms_nobody(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL) as journal:
            first = asyncio.ensure_future(journal.append(log_record("a")))
            await asyncio.sleep(0)
            first.cancel()
            await journal.append(log_record("b"))

    asyncio.run(run())
    assert logged(tmp_path) == ["a", "b"]


def test_large_bodies_stream_into_files_of_their_own(tmp_path: Path) -> None:
    pieces = [os.urandom(3000) for _ in range(5)]

    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL) as journal:
            position = await journal.append(stored("big"), body=Body(chunks=_chunks(*pieces), kept_bytes=15_000))
            assert JournalReader(tmp_path).read(position).body == b"".join(pieces)
            position = await journal.append(stored("cut"), body=Body(chunks=_chunks(*pieces), kept_bytes=7000))
            assert JournalReader(tmp_path).read(position).body == b"".join(pieces)[:7000]
            position = await journal.append(stored("small"), body=Body(chunks=_chunks(*pieces), kept_bytes=10))
            assert JournalReader(tmp_path).read(position).body == pieces[0][:10]
            with pytest.raises(JournalError, match="shorter"):
                await journal.append(stored("short"), body=Body(chunks=_chunks(b"x"), kept_bytes=9000))

    asyncio.run(run())
    assert logged(tmp_path) == ["big", "cut", "small"]
    assert check_journal(tmp_path).is_sound
    files = list(tmp_path.glob("*.body"))
    assert len(files) == 2
    files[0].write_bytes(b"changed")
    assert not check_journal(tmp_path).is_sound


def test_a_body_with_a_copy_of_a_frame_is_not_a_frame(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path / "other", worker=0, settings=SMALL) as journal:
            await journal.append(log_record("forged"))
        stolen = (tmp_path / "other" / "000000000001.segment").read_bytes()[4096:]
        async with Journal(tmp_path / "w0", worker=0, settings=SMALL) as journal:
            await journal.append(log_record("real", body=bytes(-len(stolen) % 8) + stolen))

    asyncio.run(run())
    path = tmp_path / "w0" / "000000000001.segment"
    data = bytearray(path.read_bytes())
    data[4096 + 70] ^= 1  # damage the real frame: the search behind it meets the copy
    path.write_bytes(data)
    report = check_journal(tmp_path / "w0")
    assert (report.records, report.is_sound) == (0, False)


@pytest.mark.parametrize("fault", ["fail_datasync", "short_write"])
def test_after_a_failure_all_waiters_know_and_a_new_segment_takes_over(tmp_path: Path, fault: str) -> None:
    files = FailingFiles()

    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL, files=files) as journal:
            await journal.append(log_record("before"))
            setattr(files, fault, True)
            outcomes = await asyncio.gather(
                *(journal.append(log_record(f"lost{n}")) for n in range(5)), return_exceptions=True
            )
            assert all(isinstance(outcome, JournalError) for outcome in outcomes)
            assert not journal.is_healthy
            with pytest.raises(JournalError):
                await journal.append(log_record("still-lost"))
            setattr(files, fault, False)
            await journal.append(log_record("after"))
            assert journal.is_healthy

    asyncio.run(run())
    assert logged(tmp_path) == ["before", "after"], (
        "what failed is not shown, the abandoned segment is not written again"
    )
    assert check_journal(tmp_path).is_sound


def test_it_refuses_without_trying_until_the_retry_is_due(tmp_path: Path) -> None:
    files = FailingFiles()
    settings = JournalSettings(sizes=SMALL.sizes, retry_seconds=3600)

    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=settings, files=files) as journal:
            files.fail_datasync = True
            with pytest.raises(JournalError, match="Input/output error"):
                await journal.append(log_record())
            files.fail_datasync = False
            with pytest.raises(JournalError, match="refuses"):
                await journal.append(log_record())

    asyncio.run(run())


def test_a_full_disk_refuses_and_recovers(tmp_path: Path) -> None:
    files = FailingFiles()

    async def fill(journal: Journal, acknowledged: list[str]) -> None:
        for n in range(1000):
            await journal.append(log_record(f"m{n}"))
            acknowledged.append(f"m{n}")

    async def run() -> list[str]:
        acknowledged: list[str] = []
        async with Journal(tmp_path, worker=0, settings=SMALL, files=files) as journal:
            files.fail_create = True
            with pytest.raises(JournalError, match="No space left"):
                await fill(journal, acknowledged)
            files.fail_create = False
            await journal.append(log_record("after"))
        return acknowledged

    acknowledged = asyncio.run(run())
    found = logged(tmp_path)
    assert set(acknowledged) | {"after"} <= set(found)
    assert len(found) == len(set(found))


_LIMITED = """
import asyncio, resource, signal, sys
from pathlib import Path
from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from tests.fakes.log_records import log_record

async def main(folder):
    settings = JournalSettings(sizes=SegmentSizes(first=16384, largest=1 << 20))
    async with Journal(folder, worker=0, settings=settings) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
        try:
            for n in range(100_000):
                await journal.append(log_record(f"m{n}", body=bytes(1000)))
                print(f"m{n}", flush=True)
        except JournalError as exc:
            print(exc, file=sys.stderr)

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
asyncio.run(main(Path(sys.argv[1])))
"""


def test_a_real_file_limit_refuses_and_loses_nothing(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path)], capture_output=True, text=True, check=True, timeout=30
    )
    assert "File too large" in done.stderr
    found = logged(tmp_path)
    assert done.stdout.split() == found[: len(done.stdout.split())]
    assert len(found) == len(set(found)) > 5


def test_a_body_for_a_record_that_says_it_has_none_is_refused(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL) as journal:
            with pytest.raises(ValueError, match="none"):
                await journal.append(log_record(), body=Body(chunks=_chunks(b"x"), kept_bytes=1))

    asyncio.run(run())


def test_opening_on_a_broken_disk_is_a_journal_error(tmp_path: Path) -> None:
    files = FailingFiles()
    files.fail_create = True
    with pytest.raises(JournalError, match="cannot be opened"):
        asyncio.run(Journal(tmp_path, worker=0, files=files).open())


def test_a_record_larger_than_a_segment_gets_one_of_its_size(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0, settings=SMALL) as journal:
            await journal.append(log_record("before"))
            big = log_record("big", message=bytes(200_000))
            assert JournalReader(tmp_path).read(await journal.append(big)) == big
            await journal.append(log_record("after"))

    asyncio.run(run())
    assert logged(tmp_path) == ["before", "big", "after"]
    assert check_journal(tmp_path).is_sound
