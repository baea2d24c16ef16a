from __future__ import annotations

import asyncio

import pytest

from lienthong.exchange.adapters.http_body import HIGH_WATER_BYTES, BodyReader
from lienthong.exchange.adapters.http_errors import BadMessageError, BodyTooLargeError


def test_what_has_arrived_is_read_in_order() -> None:
    async def play() -> None:
        body = BodyReader(entity=True)
        body.feed(b"one")
        body.feed(b"two")
        body.finish()
        assert [chunk async for chunk in body] == [b"one", b"two"]
        assert body.is_complete
        assert body.is_consumed
        assert not body.is_empty()

    asyncio.run(play())


def test_small_bodies_are_read_whole_and_large_ones_refused() -> None:
    async def play() -> None:
        assert await BodyReader.of(b"abc").read(3) == b"abc"
        assert await BodyReader.of(b"").read(0) == b""
        with pytest.raises(BodyTooLargeError):
            await BodyReader.of(b"abcd").read(3)

    asyncio.run(play())


def test_the_sender_is_held_back_and_let_go() -> None:
    async def play() -> list[bool]:
        flow: list[bool] = []
        body = BodyReader(entity=True, on_flow=flow.append)
        body.feed(b"x" * (HIGH_WATER_BYTES + 1))
        body.feed(b"y")
        assert flow == [True]
        await body.read_chunk()
        assert flow == [True, False]
        body.feed(b"x" * (HIGH_WATER_BYTES + 1))
        body.finish()
        return flow

    assert asyncio.run(play()) == [True, False, True, False]


def test_failures_come_after_what_has_arrived() -> None:
    async def play() -> None:
        body = BodyReader(entity=True)
        body.feed(b"one")
        body.fail(BadMessageError("broken"))
        assert await body.read_chunk() == b"one"
        with pytest.raises(BadMessageError):
            await body.read_chunk()
        assert not body.is_complete

    asyncio.run(play())


def test_emptiness_is_known_once_waited_for() -> None:
    async def play() -> None:
        waits: list[bool] = []
        body = BodyReader(entity=True, on_wait=waits.append)
        assert not body.is_empty()
        asyncio.get_running_loop().call_soon(body.finish)
        assert not await body.wait_first()
        assert body.is_empty()
        assert waits == [True, False]
        assert await BodyReader.of(b"x").wait_first()
        failed = BodyReader(entity=True)
        failed.fail(BadMessageError("broken"))
        with pytest.raises(BadMessageError):
            await failed.wait_first()
        kept = BodyReader.of(b"x")
        kept.discard()
        assert kept.is_consumed

    asyncio.run(play())


def test_what_is_all_here_and_small_is_taken_at_once() -> None:
    async def play() -> None:
        body = BodyReader(entity=True)
        body.feed(b"one")
        assert body.take_whole(10) is None, "more may come"
        body.feed(b"two")
        body.finish()
        assert body.take_whole(5) is None, "too long"
        assert body.take_whole(6) == b"onetwo"
        assert body.is_consumed
        begun = BodyReader.of(b"three")
        begun.feed(b"four")
        assert await begun.read_chunk() == b"three"
        assert begun.take_whole(10) is None, "some of it is gone"
        assert await begun.read_chunk() == b"four"
        assert BodyReader.of(b"").take_whole(0) == b""

    asyncio.run(play())
