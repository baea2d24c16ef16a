"""A process killed at any instant loses no acknowledged record, and none is shown twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_reader import Damage, JournalReader
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.messagelog.entries import LogQuery

_WRITER = """
import asyncio, sys
from pathlib import Path
from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from tests.fakes.log_records import log_record

async def produce(journal, prefix, producer):
    n = 0
    while True:
        name = f"{prefix}-{producer}-{n}"
        await journal.append(log_record(name, body=bytes(n % 700)))
        sys.stdout.write(name + "\\n")
        sys.stdout.flush()
        n += 1

async def main(folder, rounds):
    settings = JournalSettings(sizes=SegmentSizes(first=16384, largest=262144))
    for round in range(rounds):
        async with Journal(folder / "w0", worker=0, settings=settings) as journal:
            async with asyncio.TaskGroup() as group:
                for producer in range(8):
                    group.create_task(produce(journal, sys.argv[2], producer))

asyncio.run(main(Path(sys.argv[1]), 1))
"""


def _run_and_kill(folder: Path, name: str, after_lines: int, delay: float) -> list[str]:
    """Ids acknowledged by a writer that is killed *delay* seconds after it has acknowledged some."""
    process = subprocess.Popen([sys.executable, "-c", _WRITER, str(folder), name], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seen = [process.stdout.readline().strip() for _ in range(after_lines)]
    time.sleep(delay)
    process.kill()
    rest = process.stdout.read()
    process.stdout.close()
    process.wait()
    *whole, _ = rest.split("\n")  # the kill may cut the last line
    return [line for line in [*seen, *whole] if line]


def test_killed_at_random_instants(tmp_path: Path) -> None:
    rng = random.Random(20)
    acknowledged: list[str] = []
    with LogIndex(tmp_path / "index.sqlite", tmp_path / "journal") as index:
        for turn in range(20):
            acknowledged += _run_and_kill(tmp_path / "journal", f"t{turn}", rng.randrange(1, 4), rng.random() * 0.03)
            if rng.random() < 0.5:
                index.update()  # between kill and recovery: only what was known to be durable
        _run_and_kill(tmp_path / "journal", "last", 1, 0)  # recovers what the 20th left
        index.update()
        assert index.update().added == 0
        found, after = [], None
        while page := index.search(LogQuery(), after=after, limit=5000):
            found += [entry.message_id for entry in page]
            after = (page[-1].time_ms, page[-1].number)
        assert set(acknowledged) <= set(found)
        assert len(found) == len(set(found))
        assert index.read(index.search(LogQuery(message_id=acknowledged[0]))[0]).message_id == acknowledged[0]
    assert len(acknowledged) > 40
    assert check_journal(tmp_path / "journal" / "w0").is_sound
    directly = [
        item[1].message_id
        for item in JournalReader(tmp_path / "journal" / "w0").follow(0, 4096)
        if not isinstance(item, Damage)
    ]
    assert len(directly) == len(set(directly)) == len(found)


def test_sizes_grow_to_the_largest() -> None:
    sizes = SegmentSizes()
    assert [sizes.nth(n) >> 20 for n in range(5)] == [1, 4, 16, 64, 64]
    with pytest.raises(ValueError, match="two pages"):
        SegmentSizes(first=4096)
