"""A process that writes a journal and says what was acknowledged, until somebody kills it."""

import asyncio
import os
from multiprocessing.connection import Connection
from pathlib import Path

from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_segments import SegmentSizes

SETTINGS = JournalSettings(sizes=SegmentSizes(first=16 * 1024, largest=256 * 1024))


def write_until_killed(folder: Path, worker: int, prefix: str, acknowledged: Connection) -> None:
    """Append with 8 producers; write each id to the pipe once its append has returned."""
    asyncio.run(_write(folder / f"w{worker}", worker, prefix, acknowledged.fileno()))


async def _write(folder: Path, worker: int, prefix: str, pipe: int) -> None:
    async def produce(journal: Journal, producer: int) -> None:
        n = 0
        while True:
            name = f"{prefix}-{producer}-{n}"
            await journal.append(log_record(name, body=bytes(n % 700)))
            os.write(pipe, f"{name}\n".encode())
            n += 1

    async with Journal(folder, worker=worker, settings=SETTINGS) as journal, asyncio.TaskGroup() as group:
        for producer in range(8):
            group.create_task(produce(journal, producer))
