"""A body on disk ends with its call, also when the peer left before it took one byte of the answer."""

import asyncio
import os
from pathlib import Path

import pytest

from lienthong.exchange.adapters.http_errors import BodyTooLargeError
from lienthong.exchange.adapters.spool import Spool
from lienthong.exchange.security.bodies import OUR_HASH, SMALL_BODY, Bodies


@pytest.mark.parametrize("chunks_taken", [0, 1, 2])
def test_who_closes_the_stream_closes_the_bodies(tmp_path: Path, chunks_taken: int) -> None:
    async def play() -> None:
        bodies = Bodies(Spool(tmp_path, randomness=os.urandom, memory_limit=10))
        body = bodies.open()
        await body.write(bytes(300_000))
        await body.finish()
        stream = bodies.closing(body.chunks)
        for _ in range(chunks_taken):
            assert await anext(stream)
        await stream.aclose()
        with pytest.raises(ValueError, match="gone"):
            await anext(body.chunks())

    asyncio.run(play())


@pytest.mark.parametrize("size", [0, 1, SMALL_BODY, SMALL_BODY + 1])
def test_a_body_that_came_whole_is_what_a_spooled_one_would_be(tmp_path: Path, size: int) -> None:
    async def play() -> None:
        content = os.urandom(size)
        body = await Bodies(Spool(tmp_path, randomness=os.urandom)).take(content)
        assert body.size_bytes == size
        assert body.digest(OUR_HASH) == OUR_HASH.digest(content)
        assert b"".join([chunk async for chunk in body.chunks()]) == content == await body.read_small(size)
        if size:
            with pytest.raises((ValueError, BodyTooLargeError)):
                await body.read_small(size - 1)
        with pytest.raises(ValueError, match="finished"):
            await body.write(b"more")

    asyncio.run(play())
