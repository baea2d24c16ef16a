"""Large bodies are whole or refused."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.fakes.journal_files import FailingFiles

from lienthong.exchange.adapters.journal_bodies import LargeBodies, cut, gather, read_large_body
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.messagelog.entries import Body


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b"abc", b"def", b"ghi"):
        yield piece


def body(kept: int) -> Body:
    return Body(chunks=_pieces(), kept_bytes=kept)


@pytest.mark.parametrize("kept", range(10))
def test_exactly_the_kept_bytes_are_taken(kept: int) -> None:
    assert asyncio.run(gather(body(kept))) == b"abcdefghi"[:kept]


def test_a_body_shorter_than_announced_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    async def drain() -> list[bytes]:
        return [piece async for piece in cut(body(10))]

    with pytest.raises(JournalError, match="shorter"):
        asyncio.run(drain())
    with pytest.raises(JournalError, match="shorter"):
        asyncio.run(LargeBodies(tmp_path, FailingFiles()).store(body(10)))
    assert list(tmp_path.iterdir()) == []


def test_what_is_stored_is_read_and_damage_is_told(tmp_path: Path) -> None:
    reference = asyncio.run(LargeBodies(tmp_path, FailingFiles()).store(body(8)))
    assert b"".join(read_large_body(tmp_path, reference)) == b"abcdefgh"
    (file,) = tmp_path.iterdir()
    for damaged in (b"abcdefgX", b"abc", b""):
        file.write_bytes(damaged)
        with pytest.raises(JournalError, match="damaged"):
            list(read_large_body(tmp_path, reference))
    file.unlink()
    with pytest.raises(JournalError, match="cannot be read"):
        list(read_large_body(tmp_path, reference))
    with pytest.raises(JournalError, match="reference"):
        list(read_large_body(tmp_path, b"short"))


@pytest.mark.parametrize("fault", ["fail_create", "fail_datasync", "short_write"])
def test_a_failing_disk_refuses_and_leaves_nothing(tmp_path: Path, fault: str) -> None:
    files = FailingFiles()
    setattr(files, fault, True)
    with pytest.raises(JournalError, match="cannot be written"):
        asyncio.run(LargeBodies(tmp_path, files).store(body(8)))
    assert list(tmp_path.iterdir()) == []
