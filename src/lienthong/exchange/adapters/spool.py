"""Message bodies on disk while in flight (face; being written)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

from lienthong.trust.algorithms import Digest, DigestAlgorithm


class SpooledBody:
    """One body: ``async with spool.open(SHA512) as body``; deleted when the block ends."""

    size_bytes: int

    async def write(self, data: bytes) -> None:
        """Append; raises SpoolFullError."""

    async def finish(self) -> None:
        """No more writes; digests are final. Called by ``chunks``, ``read_small`` and ``digest`` users first."""

    def digest(self, algorithm: DigestAlgorithm) -> Digest:
        """The digest of everything written, for one of the algorithms asked for; after ``finish``."""
        raise NotImplementedError

    def chunks(self) -> AsyncIterator[bytes]:
        """The content from the start, 256 KiB at a time; may be called again."""
        raise NotImplementedError

    async def read_small(self, limit: int) -> bytes:
        """The whole content; raises BodyTooLargeError above *limit* bytes."""
        raise NotImplementedError

    @property
    def in_memory(self) -> bool:
        """Whether nothing was written to disk."""
        raise NotImplementedError


class Spool:
    """Where bodies wait. ``randomness(n)`` gives n secret bytes."""

    def __init__(self, folder: Path, *, randomness: Callable[[int], bytes], memory_limit: int = 64 * 1024) -> None:
        raise NotImplementedError

    def remove_leftovers(self) -> int:
        """Delete what a killed process left; how many files."""
        raise NotImplementedError

    def open(self, *algorithms: DigestAlgorithm) -> SpooledBody:
        """A new body, hashed with each of *algorithms* on the way."""
        raise NotImplementedError
