"""Large bodies, each in a file of its own beside the segments: written as it arrives, durable before its record is.

A file that no record names is left by a crash or by an append that failed; it was never acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from zlib import crc32

from lienthong.exchange.adapters.durable_files import sync_folder
from lienthong.exchange.adapters.journal_files import FilePort, JournalError
from lienthong.exchange.messagelog.entries import Body

BODY_SUFFIX = ".body"
_REFERENCE = struct.Struct(">16sQI")
_CHUNK = 1024 * 1024


async def cut(body: Body) -> AsyncIterator[bytes]:
    """The first ``kept_bytes`` of a body; raises JournalError when it has fewer."""
    left = body.kept_bytes
    async for chunk in body.chunks:
        if left <= 0:
            break
        yield chunk[:left]
        left -= len(chunk)
    if left > 0:
        raise JournalError("the body is shorter than announced")


async def gather(body: Body) -> bytes:
    """A small body in memory."""
    return b"".join([chunk async for chunk in cut(body)])


class LargeBodies:
    """Writes body files of one journal."""

    def __init__(self, folder: Path, files: FilePort) -> None:
        self._folder = folder
        self._files = files

    async def store(self, body: Body) -> bytes:
        """Write a body durably; returns the reference that stands for it in its record. Raises JournalError."""
        name = secrets.token_bytes(16)
        path = self._folder / (name.hex() + BODY_SUFFIX)
        try:
            body_sum = await self._write(path, body)
        except OSError as exc:
            path.unlink(missing_ok=True)
            raise JournalError(f"message body cannot be written: {exc.strerror}") from exc
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return _REFERENCE.pack(name, body.kept_bytes, body_sum)

    async def _write(self, path: Path, body: Body) -> int:
        descriptor = await asyncio.to_thread(self._files.create, path, body.kept_bytes, zeroed=False)
        try:
            body_sum = done = 0
            async for chunk in cut(body):
                await asyncio.to_thread(self._files.write, descriptor, chunk, done)
                body_sum, done = crc32(chunk, body_sum), done + len(chunk)
            await asyncio.to_thread(self._files.datasync, descriptor)
            await asyncio.to_thread(sync_folder, path.parent)
        finally:
            os.close(descriptor)
        return body_sum


def read_large_body(folder: Path, reference: bytes) -> Iterator[bytes]:
    """The pieces of a body that has a file of its own; raises JournalError at its end when it is damaged."""
    if len(reference) != _REFERENCE.size:
        raise JournalError("reference to a body file is damaged")
    name, size, expected = _REFERENCE.unpack(reference)
    found = left = 0
    try:
        with (folder / (name.hex() + BODY_SUFFIX)).open("rb") as file:
            left = size
            while left and (piece := file.read(min(_CHUNK, left))):
                found, left = crc32(piece, found), left - len(piece)
                yield piece
    except OSError as exc:
        raise JournalError(f"file of a message body cannot be read ({type(exc).__name__})") from exc
    if left or found != expected:
        raise JournalError("file of a message body is damaged")
