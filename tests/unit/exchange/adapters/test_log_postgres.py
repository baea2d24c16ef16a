"""PostgreSQL as the log of record keeps the same promises as journals and index."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from tests.fakes.log_records import log_record
from tests.unit.exchange.adapters.log_contract import RECORDS, check_contract

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_postgres import PostgresLog
from lienthong.exchange.adapters.log_postgres_index import PostgresIndex
from lienthong.exchange.messagelog.entries import Body, LogQuery
from lienthong.exchange.messagelog.record import BodyState

pytestmark = pytest.mark.system


def test_the_contract_of_a_log(database: str) -> None:
    async def fill() -> None:
        async with PostgresLog(database) as log:
            for record in RECORDS:
                await log.append(record)

    asyncio.run(fill())
    with PostgresIndex(database) as index:
        check_contract(index)
        assert index.entry(10**9) is None


def test_groups_commit_together_and_positions_are_record_numbers(database: str) -> None:
    async def fill() -> list[int]:
        async with PostgresLog(database) as one, PostgresLog(database) as two:
            positions = await asyncio.gather(
                *((one, two)[n % 2].append(log_record(f"m{n}", body=bytes(n % 50))) for n in range(2500))
            )
        return [position.offset for position in positions]

    numbers = asyncio.run(fill())
    assert len(set(numbers)) == 2500
    with PostgresIndex(database) as index:
        entry = index.entry(numbers[77])
        assert entry is not None
        assert entry.message_id == "m77"
        assert len(index.pending(limit=10_000)) == 2500
    with psycopg.connect(database) as connection:
        commits = connection.execute("SELECT count(DISTINCT xmin::text) FROM log_record").fetchone()
    assert commits is not None
    assert commits[0] < 250


def test_large_bodies_go_in_parts(database: str) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for n in range(4):
            yield bytes([n]) * 1000

    async def fill() -> int:
        async with PostgresLog(database, inline_bytes=100) as log:
            big = log_record("big", body_state=BodyState.STORED)
            await log.append(log_record("small", body_state=BodyState.STORED), body=Body(chunks=chunks(), kept_bytes=9))
            return (await log.append(big, body=Body(chunks=chunks(), kept_bytes=3500))).offset

    number = asyncio.run(fill())
    with PostgresIndex(database) as index:
        entry = index.entry(number)
        assert entry is not None
        assert index.read(entry).body == b"".join(bytes([n]) * 1000 for n in range(4))[:3500]
        assert index.read(index.search(LogQuery(message_id="small"))[0]).body == bytes(9)


def test_one_record_that_cannot_be_stored_fails_alone(database: str) -> None:
    async def fill() -> None:
        async with PostgresLog(database) as log:
            good, bad = await asyncio.gather(
                log.append(log_record("good")), log.append(log_record("bad", issue="a\0b")), return_exceptions=True
            )
            assert isinstance(bad, JournalError)
            assert not isinstance(good, BaseException)

    asyncio.run(fill())


def test_a_lost_connection_fails_the_group_and_the_next_one_reconnects(database: str) -> None:
    async def fill() -> None:
        async with PostgresLog(database) as log:
            await log.append(log_record("a"))
            with psycopg.connect(database.replace("dbname=log", "dbname=postgres"), autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'log'")
            with pytest.raises(JournalError):
                await log.append(log_record("b"))
            await log.append(log_record("c"))

    asyncio.run(fill())
    with PostgresIndex(database) as index:
        assert [entry.message_id for entry in index.search(LogQuery())] == ["c", "a"]


def test_no_server_is_a_journal_error() -> None:
    with pytest.raises(JournalError, match="cannot be opened"):
        asyncio.run(PostgresLog("host=/nonexistent dbname=x").open())
