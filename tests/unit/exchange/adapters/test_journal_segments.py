"""A process killed at any instant loses no acknowledged record, and none is shown twice."""

import multiprocessing
import os
import random
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.fakes.journal_crash import write_until_killed

from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_reader import Damage, JournalReader
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.messagelog.entries import LogQuery

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.fakes.journal_crash"])


@dataclass
class _Writer:
    process: ForkServerProcess
    pipe: BinaryIO


def _start(folder: Path, worker: int, name: str) -> _Writer:
    ours, theirs = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=write_until_killed, args=(folder, worker, name, theirs))
    process.start()
    theirs.close()
    pipe = os.fdopen(os.dup(ours.fileno()), "rb")
    ours.close()
    return _Writer(process, pipe)


def _kill(writer: _Writer, *, after_lines: int, delay: float) -> list[str]:
    """Ids acknowledged by a writer that is killed *delay* seconds after it has acknowledged some."""
    seen = [writer.pipe.readline() for _ in range(after_lines)]
    time.sleep(delay)
    writer.process.kill()
    *whole, _ = writer.pipe.read().split(b"\n")  # the kill may cut the last line
    writer.pipe.close()
    writer.process.join()
    writer.process.close()
    return [line.decode().strip() for line in [*seen, *whole] if line]


def _turn(folder: Path, name: str, rng: random.Random) -> list[str]:
    """Two workers, each killed at an instant of its own."""
    writers = [_start(folder, worker, f"{name}w{worker}") for worker in (0, 1)]
    return [
        line for writer in writers for line in _kill(writer, after_lines=rng.randrange(1, 4), delay=rng.random() * 0.03)
    ]


def _all_ids(index: LogIndex) -> list[str]:
    found: list[str] = []
    after = None
    while page := index.search(LogQuery(), after=after, limit=5000):
        found += [entry.message_id for entry in page]
        after = (page[-1].time_ms, page[-1].number)
    return found


def _ids_in_journals(folder: Path) -> list[str]:
    return [
        item[1].message_id
        for worker in ("w0", "w1")
        for item in JournalReader(folder / worker).follow(0, 4096)
        if not isinstance(item, Damage)
    ]


def test_killed_at_random_instants(tmp_path: Path) -> None:
    rng = random.Random(20)
    journals = tmp_path / "journal"
    acknowledged: list[str] = []
    with LogIndex(SqliteDatabase(tmp_path / "index.sqlite"), journals) as index:
        for turn in range(11):  # the last one also recovers what the tenth left
            acknowledged += _turn(journals, f"t{turn}", rng)
            if rng.random() < 0.5:
                index.update()  # between kill and recovery: only what was known to be durable
        index.update()
        assert index.update().added == 0
        found = _all_ids(index)
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found))
        assert index.read(index.search(LogQuery(message_id=acknowledged[0]))[0]).message_id == acknowledged[0]
    assert len(acknowledged) > 40
    assert sorted(_ids_in_journals(journals)) == sorted(found)
    assert all(check_journal(journals / worker).is_sound for worker in ("w0", "w1"))


def test_sizes_grow_to_the_largest() -> None:
    sizes = SegmentSizes()
    assert [sizes.nth(n) >> 20 for n in range(5)] == [1, 4, 16, 64, 64]
    with pytest.raises(ValueError, match="two pages"):
        SegmentSizes(first=4096)
