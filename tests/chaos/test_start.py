"""A server with a long log starts as fast as one without: exec to the first 200 of /health.

Measured in processor time, because a machine that runs tests does other things too; the time on the wall is told. 20,000
records here; a million by hand (LIENTHONG_START_RECORDS=1000000), where a quiet machine needs less than two seconds.
"""

import asyncio
import os
import sqlite3
import time
from pathlib import Path

import pytest
from tests.chaos.network import CONSUMER, ChaosNetwork
from tests.chaos.processes import await_fact, processor_s
from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, JOURNAL_FOLDER

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

RECORDS = int(os.environ.get("LIENTHONG_START_RECORDS", "20000"))
GROUP = 2000
SIGNATURE_BYTES = 2000
BOUND_S = 2.0
"""Processor time of all processes of the server; other programs on the same cores make it longer, the log must not."""
SLOWER = 1.3
"""What a long log may cost: this many times the start without one."""


def test_a_long_log_does_not_slow_the_start(network: ChaosNetwork) -> None:
    without = min(start(network) for _ in range(2))
    network.stop(CONSUMER)
    asyncio.run(write_log(network.folder / CONSUMER.name / JOURNAL_FOLDER))
    data = network.folder / CONSUMER.name
    with LogIndex(SqliteDatabase(data / INDEX_FILE), data / JOURNAL_FOLDER) as index:
        index.update()
    mark_stamped(data / INDEX_FILE)
    with_log = min(start(network) for _ in range(2))
    print(f"start: processor {without[0]:.2f} s, wall {without[1]:.2f} s", end="; ")
    print(f"with {RECORDS} records more: processor {with_log[0]:.2f} s, wall {with_log[1]:.2f} s")
    assert with_log[0] < max(BOUND_S, SLOWER * without[0])


def start(network: ChaosNetwork) -> tuple[float, float]:
    """Processor time and time on the wall until the first 200, both in seconds."""
    network.stop(CONSUMER)
    begun = time.monotonic()
    network.start(CONSUMER)
    await_fact(lambda: network.health(CONSUMER).get("healthy"), what="the first 200 of /health")
    return processor_s(network.family(CONSUMER)), time.monotonic() - begun


async def write_log(journals: Path) -> None:
    """Records of a usual size, through our own writer."""
    async with Journal(worker_folder(journals, 0), worker=0) as journal:
        for start in range(0, RECORDS, GROUP):
            records = (
                log_record(f"start-{number}", signature=f"<s>{number}</s>".encode().ljust(SIGNATURE_BYTES, b" "))
                for number in range(start, start + GROUP)
            )
            await asyncio.gather(*(journal.append(record) for record in records))


def mark_stamped(index: Path) -> None:
    """As if the log had been timestamped while it was written, as logs are."""
    with sqlite3.connect(index) as connection:
        number = connection.execute(
            "INSERT INTO log_timestamp (token, hash_chain_result, gen_time_ms) VALUES (x'00', NULL, 0)"
        ).lastrowid
        connection.execute("UPDATE log_record SET log_timestamp = ? WHERE log_timestamp IS NULL", [number])
    connection.close()
