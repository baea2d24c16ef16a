"""Messages per second into the journal, and the ratio to one write and one sync per message in the same run.

python benchmarks/journal.py [--quick] [--folder DIR]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import uvloop

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_segments import SegmentSizes

PRODUCERS = 64


def serial(folder: Path, size: int, seconds: float) -> float:
    """Messages per second with pwrite and fdatasync for each, into a file of zeros."""
    room = 256 * 1024 * 1024
    descriptor = os.open(folder / "serial", os.O_RDWR | os.O_CREAT)
    for offset in range(0, room, 1 << 20):
        os.pwrite(descriptor, bytes(1 << 20), offset)
    os.fsync(descriptor)
    data, count = os.urandom(size), 0
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        os.pwrite(descriptor, data, count * size % (room - size))
        os.fdatasync(descriptor)
        count += 1
    elapsed = time.perf_counter() - started
    os.close(descriptor)
    (folder / "serial").unlink()
    return count / elapsed


async def grouped(folder: Path, size: int, seconds: float, producers: int) -> tuple[float, list[float]]:
    """Messages per second and latencies of producers that each wait for their own record."""
    settings = JournalSettings(sizes=SegmentSizes(first=256 * 1024 * 1024, largest=256 * 1024 * 1024))
    latencies: list[float] = []
    async with Journal(folder / "w0", worker=0, settings=settings) as journal:
        data = os.urandom(size)
        started = time.perf_counter()

        async def produce() -> None:
            while (begun := time.perf_counter()) - started < seconds:
                await journal.append_encoded(data)
                latencies.append(time.perf_counter() - begun)

        async with asyncio.TaskGroup() as group:
            for _ in range(producers):
                group.create_task(produce())
        elapsed = time.perf_counter() - started
    shutil.rmtree(folder / "w0")
    return len(latencies) / elapsed, latencies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--folder", type=Path, help="where to write; must be on a real disk")
    args = parser.parse_args()
    rounds, seconds = (1, 0.5) if args.quick else (3, 2.0)
    folder = Path(tempfile.mkdtemp(prefix="journal-", dir=args.folder))
    try:
        print(f"{'size':>6} {'producers':>9} {'serial/s':>9} {'journal/s':>9} {'ratio':>6} {'p50 ms':>7} {'p99 ms':>7}")
        for size, producers in ((1024, 64), (1024, 256), (20 * 1024, 64), (1024, 1)):
            report(folder, size, producers, rounds, seconds)
    finally:
        shutil.rmtree(folder)


def report(folder: Path, size: int, producers: int, rounds: int, seconds: float) -> None:
    ratios, bases, rates, latencies = [], [], [], []
    for _ in range(rounds):
        base = serial(folder, size, seconds / 2)
        rate, found = uvloop.run(grouped(folder, size, seconds, producers))
        ratios.append(rate / base)
        bases.append(base)
        rates.append(rate)
        latencies += found
    p50, p99 = statistics.quantiles(latencies, n=100)[49], statistics.quantiles(latencies, n=100)[98]
    print(
        f"{size:>6} {producers:>9} {statistics.median(bases):>9.0f} {statistics.median(rates):>9.0f} "
        f"{statistics.median(ratios):>6.1f} {p50 * 1000:>7.2f} {p99 * 1000:>7.2f}"
    )


if __name__ == "__main__":
    main()
