"""Whoever waits together is served together, and everyone learns the outcome."""

import asyncio
import threading
from dataclasses import dataclass

import pytest

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_group import GroupCommit
from lienthong.exchange.messagelog.entries import Position


@dataclass
class Item:
    name: str
    future: asyncio.Future[Position]
    queued_bytes: int = 10


def position(offset: int) -> Position:
    return Position(worker=0, segment=0, offset=offset, length=0)


def test_those_who_come_while_one_group_is_written_form_the_next() -> None:
    groups: list[int] = []
    gate = threading.Event()

    def write(group: list[Item]) -> list[Position]:
        gate.wait(5)
        groups.append(len(group))
        return [position(int(item.name)) for item in group]

    async def run() -> None:
        commit: GroupCommit[Item] = GroupCommit(write, name="test", queue_bytes=10_000)
        commit.start()
        waiting = [asyncio.ensure_future(commit.submit(Item(str(n), commit.future()))) for n in range(50)]
        await asyncio.sleep(0.01)
        gate.set()
        assert [found.offset for found in await asyncio.gather(*waiting)] == list(range(50))
        await commit.close()
        with pytest.raises(JournalError, match="not open"):
            commit.future()

    asyncio.run(run())
    assert sum(groups) == 50
    assert len(groups) <= 2


def test_an_unforeseen_error_still_reaches_everyone() -> None:
    def write(group: list[Item]) -> list[Position]:
        raise ZeroDivisionError

    async def run() -> None:
        commit: GroupCommit[Item] = GroupCommit(write, name="test", queue_bytes=15)
        commit.start()
        items = [Item(str(n), commit.future()) for n in range(5)]
        outcomes = await asyncio.gather(*(commit.submit(item) for item in items), return_exceptions=True)
        assert [str(outcome) for outcome in outcomes] == ["test failed (ZeroDivisionError)"] * 5
        await commit.close()

    asyncio.run(run())


def test_who_waits_for_room_at_closing_is_refused() -> None:
    gate = threading.Event()

    def write(group: list[Item]) -> list[Position]:
        gate.wait(5)
        return [position(0) for _ in group]

    async def run() -> None:
        commit: GroupCommit[Item] = GroupCommit(write, name="test", queue_bytes=15)
        commit.start()
        waiting = [asyncio.ensure_future(commit.submit(Item(str(n), commit.future()))) for n in range(2)]
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(commit.close())
        await asyncio.sleep(0)
        gate.set()
        await closing
        first, second = await asyncio.gather(*waiting, return_exceptions=True)
        assert first == position(0)
        assert isinstance(second, JournalError)

    asyncio.run(run())
