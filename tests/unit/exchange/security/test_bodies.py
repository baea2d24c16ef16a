"""A body on disk ends with its call, also when the peer left before it took one byte of the answer."""

import asyncio
import os
from pathlib import Path

import pytest

from lienthong.exchange.adapters.spool import Spool
from lienthong.exchange.security.bodies import Bodies


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
