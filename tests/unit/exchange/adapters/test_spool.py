from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from pathlib import Path

import pytest

from lienthong.exchange.adapters.http_errors import BodyTooLargeError
from lienthong.exchange.adapters.spool import STEP_BYTES, Spool
from lienthong.exchange.errors import Fault
from lienthong.trust.algorithms import DigestAlgorithm

SHA512, SHA256 = DigestAlgorithm.SHA512, DigestAlgorithm.SHA256


def fixed(size: int) -> bytes:
    return bytes(range(size))


def spool_in(folder: Path) -> Spool:
    return Spool(folder, randomness=fixed, memory_limit=1000)


@pytest.mark.parametrize("size", [0, 1, 1000, 1001, STEP_BYTES, 3 * STEP_BYTES + 17])
def test_what_goes_in_comes_out_hashed(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)

    async def play() -> None:
        async with spool_in(tmp_path).open(SHA512, SHA256) as body:
            for start in range(0, size, 70_000):
                await body.write(content[start : start + 70_000])
            await body.finish()
            assert body.size_bytes == size
            assert body.in_memory == (size <= 1000)
            assert body.digest(SHA512).value == hashlib.sha512(content).digest()
            assert body.digest(SHA256) == SHA256.digest(content)
            for _ in range(2):
                assert b"".join([chunk async for chunk in body.chunks()]) == content
            assert await body.read_small(size) == content
            with pytest.raises(BodyTooLargeError):
                await body.read_small(size - 1)
            assert list(tmp_path.iterdir()) == []

    asyncio.run(play())


def test_nothing_readable_reaches_the_disk(tmp_path: Path) -> None:
    async def play() -> None:
        async with spool_in(tmp_path).open() as body:
            await body.write(b"secret " * 1000)
            found = []
            for link in Path("/proc/self/fd").iterdir():
                try:
                    target = os.readlink(link)
                except OSError:
                    continue
                if str(tmp_path) in target:
                    found.append(os.pread(int(link.name), 100_000, 0))
            assert len(found) == 1
            assert len(found[0]) == 7000
            assert b"secret" not in found[0]

    asyncio.run(play())


def test_leftovers_of_a_killed_process_are_removed(tmp_path: Path) -> None:
    (tmp_path / "body-abc").write_bytes(b"x")
    (tmp_path / "other").write_bytes(b"x")
    assert spool_in(tmp_path).remove_leftovers() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_a_worker_that_starts_finds_its_folder_made_and_private(tmp_path: Path) -> None:
    assert spool_in(tmp_path / "spool" / "w0").remove_leftovers() == 0
    assert (tmp_path / "spool" / "w0").stat().st_mode & 0o777 == 0o700


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async def play() -> None:
        async with spool_in(tmp_path).open(SHA512) as body:
            monkeypatch.setattr("lienthong.exchange.adapters.spool.os.write", full)
            with pytest.raises(Fault, match="No space left on device") as refused:
                await body.write(b"x" * 2000)
            assert refused.value.code == "io_error"
            monkeypatch.undo()
            with pytest.raises(ValueError, match="finished"):
                await body.write(b"x")
            assert list(tmp_path.iterdir()) == []

    asyncio.run(play())


def test_order_of_use_is_checked(tmp_path: Path) -> None:
    async def play() -> None:
        body = spool_in(tmp_path).open(SHA512)
        with pytest.raises(ValueError, match="not finished"):
            body.digest(SHA512)
        with pytest.raises(ValueError, match="not finished"):
            await anext(body.chunks())
        await body.write(b"x" * 5000)
        await body.finish()
        await body.finish()
        with pytest.raises(ValueError, match="finished"):
            await body.write(b"x")
        reading = body.chunks()
        body.close()
        body.close()
        with pytest.raises(ValueError, match="gone"):
            await anext(reading)

    asyncio.run(play())


@pytest.mark.parametrize("nonce", [bytes(16), b"\xff" * 16], ids=["from the first counter", "over the last counter"])
@pytest.mark.parametrize(
    "sizes", [[], [0], [5, 0, 995], [5, 1000, 0, 7], [17, 3 * STEP_BYTES + 5, 1, STEP_BYTES], [40] * 300], ids=str
)
def test_many_bodies_in_one_place_come_out_one_by_one(tmp_path: Path, sizes: list[int], nonce: bytes) -> None:
    contents = [os.urandom(size) for size in sizes]

    async def play() -> None:
        spool = Spool(tmp_path, randomness=lambda size: nonce[:size] if size == 16 else fixed(size), memory_limit=1000)
        place = spool.open_parts(SHA512, SHA256)
        parts = []
        for content in contents:
            for start in range(0, len(content), 70_000):
                await place.write(content[start : start + 70_000])
            parts.append(await place.cut())
        await place.finish()
        assert files_in(tmp_path) == int(sum(sizes) > 1000)
        for part, content in zip(reversed(parts), reversed(contents), strict=True):
            assert part.size_bytes == len(content)
            assert part.digest(SHA512) == SHA512.digest(content)
            assert part.digest(SHA256) == SHA256.digest(content)
            assert b"".join([chunk async for chunk in part.chunks()]) == await part.read_small(len(content)) == content
            part.close()
        if sizes and sizes[0]:
            with pytest.raises(BodyTooLargeError):
                await parts[0].read_small(sizes[0] - 1)
        place.close()
        assert files_in(tmp_path) == 0
        if parts:
            with pytest.raises(ValueError, match="gone"):
                await parts[0].read_small(10**9)

    asyncio.run(play())


def test_nothing_can_be_added_to_a_body_that_was_cut(tmp_path: Path) -> None:
    async def play() -> None:
        async with spool_in(tmp_path).open_parts(SHA512) as place:
            part = await place.cut()
            await part.finish()
            with pytest.raises(ValueError, match="finished"):
                await part.write(b"x")

    asyncio.run(play())


def files_in(folder: Path) -> int:
    """How many files of the folder this process holds, named or not."""
    held = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            held += os.readlink(link).startswith(f"{folder}/")
        except OSError:
            continue
    return held
