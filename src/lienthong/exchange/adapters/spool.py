"""Message bodies while a message is in flight: in memory while small, else in an encrypted file without a name.

The attachments of one message share a file, however many they are. The file is unlinked as soon as it is open, so the
kernel removes it with the process; its key lives in memory only.
Hashing, encryption and writing of large bodies happen off the event loop, one 256 KiB step at a time.

Source: message-path dossier s.2.1 (no size limit on the path), s.3.8 step 3.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from lienthong.exchange.adapters.http_errors import BodyTooLargeError
from lienthong.exchange.errors import Fault
from lienthong.trust.algorithms import Digest, DigestAlgorithm

STEP_BYTES = 256 * 1024
"""How much is written, or read back, at a time."""
_BLOCK_BYTES = 16
"""Of AES: decryption may begin at any of them."""
_PREFIX = "body-"


class Spool:
    """Where bodies wait."""

    def __init__(self, folder: Path, *, randomness: Callable[[int], bytes], memory_limit: int = 64 * 1024) -> None:
        """*randomness(n)* gives n secret bytes for keys; *memory_limit* in bytes."""
        self._folder = folder
        self._randomness = randomness
        self._memory_limit = memory_limit

    def remove_leftovers(self) -> int:
        """Make the folder, and delete what a process killed between creating and unlinking left; how many files."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        leftovers = list(self._folder.glob(f"{_PREFIX}*"))
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        return len(leftovers)

    def open(self, *algorithms: DigestAlgorithm) -> SpooledBody:
        """A new body, hashed with each of *algorithms* on the way: ``async with spool.open(SHA512) as body``."""
        return SpooledBody(
            algorithms=algorithms,
            memory_limit=self._memory_limit,
            open_file=self._open_file,
            randomness=self._randomness,
        )

    def open_parts(self, *algorithms: DigestAlgorithm) -> SpooledParts:
        """Bodies one after the other in one place, each hashed by itself with each of *algorithms*."""
        return SpooledParts(
            algorithms=algorithms,
            memory_limit=self._memory_limit,
            open_file=self._open_file,
            randomness=self._randomness,
        )

    def _open_file(self) -> int:
        descriptor, path = tempfile.mkstemp(prefix=_PREFIX, dir=self._folder)
        os.unlink(path)
        return descriptor


class SpooledBody:
    """One body: ``write``…, ``finish``, then ``digest``, ``chunks``, ``read_small``; gone when it is closed."""

    __slots__ = (
        "_algorithms", "_buffer", "_buffered", "_closed", "_descriptor", "_digests", "_encryptor", "_finished",
        "_hashers", "_key", "_lock", "_memory_limit", "_nonce", "_open_file", "_randomness", "size_bytes",
    )  # fmt: skip

    def __init__(
        self,
        *,
        algorithms: tuple[DigestAlgorithm, ...],
        memory_limit: int,
        open_file: Callable[[], int],
        randomness: Callable[[int], bytes],
    ) -> None:
        self._memory_limit = memory_limit
        self._open_file = open_file
        self._randomness = randomness
        self._algorithms = algorithms
        self._digests: dict[DigestAlgorithm, Digest] = {}
        self._hashers: list[tuple[DigestAlgorithm, hashlib._Hash]] = []
        self._buffer: list[bytes] = []
        self._buffered = 0
        self._descriptor: int | None = None
        self._key = self._nonce = b""
        self._encryptor: CipherContext | None = None
        self._lock = threading.Lock()
        self._finished = False
        self._closed = False
        self.size_bytes = 0
        """Bytes written so far."""

    async def __aenter__(self) -> SpooledBody:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    @property
    def in_memory(self) -> bool:
        """Whether nothing was written to disk."""
        return self._descriptor is None

    async def write(self, data: bytes) -> None:
        """Append; raises Fault ``io_error`` when the disk takes no more (nothing of the body is left then)."""
        if self._finished or self._closed:
            raise ValueError("the body is finished")
        self._buffer.append(data)
        self._buffered += len(data)
        self.size_bytes += len(data)
        spilled = self._descriptor is not None
        if self._buffered >= STEP_BYTES or (self.size_bytes > self._memory_limit and not spilled):
            await self._flush()

    async def finish(self) -> None:
        """No more writes: digests are final, the content can be read."""
        if self._finished:
            return
        if self._descriptor is None:
            content = b"".join(self._buffer)
            self._digests = {algorithm: algorithm.digest(content) for algorithm in self._algorithms}
            self._buffer = [content]
        else:
            if self._buffer:
                await self._flush()
            self._digests = {each: Digest(each, hasher.digest()) for each, hasher in self._hashers}
        self._finished = True

    def digest(self, algorithm: DigestAlgorithm) -> Digest:
        """The digest of the whole body, for an algorithm given to ``open``; after ``finish``."""
        if not self._finished:
            raise ValueError("the body is not finished")
        return self._digests[algorithm]

    def chunks(self) -> AsyncIterator[bytes]:
        """The content from the start, 256 KiB at a time; as often as needed, after ``finish``."""
        return self.span(0, self.size_bytes)

    async def span(self, start: int, size: int) -> AsyncIterator[bytes]:
        """*size* bytes of the content from *start* on."""
        if not self._finished or self._closed:
            raise ValueError("the body is not finished, or gone")
        if not self._key:
            content = self._buffer[0]
            if piece := content if size == len(content) else content[start : start + size]:
                yield piece
            return
        end, before = start + size, start % _BLOCK_BYTES
        decryptor = self._cipher(start - before).decryptor()
        for offset in range(start - before, end if size else 0, STEP_BYTES):
            data = await asyncio.to_thread(self._load, offset, min(STEP_BYTES, end - offset), decryptor)
            yield data[before:]
            before = 0

    async def read_small(self, limit: int) -> bytes:
        """The whole content; raises BodyTooLargeError above *limit* bytes."""
        if self.size_bytes > limit:
            raise BodyTooLargeError(f"body of {self.size_bytes} bytes is longer than {limit}")
        if not self._key and self._finished and not self._closed:
            return self._buffer[0]
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        """Delete the content; done by ``async with``. Safe to repeat."""
        with self._lock:  # a cancelled write may still be running in its thread: never hand its descriptor to another
            self._closed = True
            self._buffer = []
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is not None:
                os.close(descriptor)

    async def _flush(self) -> None:
        data = b"".join(self._buffer)
        self._buffer = []
        self._buffered = 0
        try:
            await asyncio.to_thread(self._store, data)
        except OSError as exc:
            self.close()
            raise Fault("io_error", f"A body of over {self.size_bytes} bytes cannot be kept: {exc.strerror}") from exc

    def _store(self, data: bytes) -> None:
        with self._lock:
            if self._closed:
                return
            if self._descriptor is None or self._encryptor is None:
                self._descriptor = self._open_file()
                self._key, self._nonce = self._randomness(32), self._randomness(_BLOCK_BYTES)
                self._encryptor = self._cipher(0).encryptor()
                self._hashers = [(each, hashlib.new(each.hashlib_name)) for each in self._algorithms]
            for _, hasher in self._hashers:
                hasher.update(data)
            rest = memoryview(self._encryptor.update(data))
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def _cipher(self, offset: int) -> Cipher[CTR]:
        """From this byte on, the first of a block. Source: NIST SP 800-38A s.6.5, B.1."""
        counter = int.from_bytes(self._nonce, "big") + offset // _BLOCK_BYTES
        return Cipher(AES(self._key), CTR((counter % (1 << 128)).to_bytes(_BLOCK_BYTES, "big")))

    def _load(self, offset: int, size: int, decryptor: CipherContext) -> bytes:
        with self._lock:
            if self._descriptor is None:
                raise ValueError("the body is gone")
            return decryptor.update(os.pread(self._descriptor, size, offset))


class SpooledParts(SpooledBody):
    """Many bodies in one place: ``write``…, ``cut``, ``write``…, ``cut``, ``finish``; then each can be read."""

    __slots__ = ("_of_each", "_part_hashers", "_start", "_stored")

    def __init__(
        self,
        *,
        algorithms: tuple[DigestAlgorithm, ...],
        memory_limit: int,
        open_file: Callable[[], int],
        randomness: Callable[[int], bytes],
    ) -> None:
        super().__init__(algorithms=(), memory_limit=memory_limit, open_file=open_file, randomness=randomness)
        self._of_each = algorithms
        self._part_hashers = self._fresh_hashers()
        self._start = 0
        self._stored = 0

    async def cut(self) -> SpooledPart:
        """End a body where it is; what is written next belongs to the next one."""
        if self._descriptor is None:
            content = b"".join(self._buffer)[self._start :]
            digests = {algorithm: algorithm.digest(content) for algorithm in self._of_each}
        else:
            if self._buffer:
                await self._flush()
            digests = {each: Digest(each, hasher.digest()) for each, hasher in self._part_hashers}
            self._part_hashers = self._fresh_hashers()
        part = SpooledPart(self, start=self._start, size_bytes=self.size_bytes - self._start, digests=digests)
        self._start = self.size_bytes
        return part

    def _fresh_hashers(self) -> list[tuple[DigestAlgorithm, hashlib._Hash]]:
        return [(each, hashlib.new(each.hashlib_name)) for each in self._of_each]

    def _store(self, data: bytes) -> None:
        """The first data holds whole parts that were hashed when they were cut."""
        super()._store(data)
        fresh = data[max(0, self._start - self._stored) :]
        self._stored += len(data)
        for _, hasher in self._part_hashers:
            hasher.update(fresh)


class SpooledPart:
    """One of the bodies in a place; it ends with the place."""

    __slots__ = ("_digests", "_place", "_start", "size_bytes")

    def __init__(
        self, place: SpooledParts, *, start: int, size_bytes: int, digests: dict[DigestAlgorithm, Digest]
    ) -> None:
        self._place = place
        self._start = start
        self._digests = digests
        self.size_bytes = size_bytes

    async def write(self, data: bytes) -> None:
        """Nothing can be added."""
        raise ValueError("the body is finished")

    async def finish(self) -> None:
        """It is finished."""

    def digest(self, algorithm: DigestAlgorithm) -> Digest:
        """Its digest, by an algorithm given to ``open_parts``."""
        return self._digests[algorithm]

    def chunks(self) -> AsyncIterator[bytes]:
        """The content from its start; as often as needed, once the place is finished."""
        return self._place.span(self._start, self.size_bytes)

    async def read_small(self, limit: int) -> bytes:
        """The whole content; raises BodyTooLargeError above *limit* bytes."""
        if self.size_bytes > limit:
            raise BodyTooLargeError(f"body of {self.size_bytes} bytes is longer than {limit}")
        return b"".join([chunk async for chunk in self.chunks()])

    def close(self) -> None:
        """Its place is closed, not it."""
