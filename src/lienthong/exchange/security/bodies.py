"""The spooled bodies of one call, which end with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

from lienthong.exchange.security.ports import Outgoing, Spool, SpooledBody, SpooledParts
from lienthong.trust.algorithms import Digest, DigestAlgorithm

OUR_HASH = DigestAlgorithm.SHA512
"""What we sign with; every body is hashed by it."""
SMALL_BODY = 64 * 1024
"""Up to this size a body that came whole stays in memory."""


class WholeBody:
    """A small body that has come: a :class:`~lienthong.exchange.security.ports.SpooledBody` without a spool."""

    __slots__ = ("_content", "_digests", "size_bytes")

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._digests: dict[DigestAlgorithm, Digest] = {}
        self.size_bytes = len(content)

    async def write(self, data: bytes) -> None:
        """Nothing can be added."""
        raise ValueError("the body is finished")

    async def finish(self) -> None:
        """It is finished."""

    def digest(self, algorithm: DigestAlgorithm) -> Digest:
        """Digest of the whole, by any algorithm."""
        digest = self._digests.get(algorithm)
        if digest is None:
            digest = self._digests[algorithm] = algorithm.digest(self._content)
        return digest

    async def chunks(self) -> AsyncIterator[bytes]:
        """The content, if any."""
        if self._content:
            yield self._content

    async def read_small(self, limit: int) -> bytes:
        """The content; raises ValueError above *limit* bytes."""
        if self.size_bytes > limit:
            raise ValueError(f"body of {self.size_bytes} bytes is longer than {limit}")
        return self._content

    def close(self) -> None:
        """Forget the content."""
        self._content = b""


def _with_ours(algorithm: DigestAlgorithm) -> tuple[DigestAlgorithm, ...]:
    return (OUR_HASH,) if algorithm is OUR_HASH else (OUR_HASH, algorithm)


class Bodies:
    """Opens spooled bodies and closes all of them at once."""

    __slots__ = ("_opened", "_spool")

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._opened: list[SpooledBody | SpooledParts] = []

    def open(self, algorithm: DigestAlgorithm = OUR_HASH) -> SpooledBody:
        """A new body, hashed by *algorithm* and by our own."""
        body = self._spool.open(*_with_ours(algorithm))
        self._opened.append(body)
        return body

    def open_parts(self, algorithm: DigestAlgorithm = OUR_HASH) -> SpooledParts:
        """A place for many bodies, each hashed by *algorithm* and by our own."""
        parts = self._spool.open_parts(*_with_ours(algorithm))
        self._opened.append(parts)
        return parts

    async def take(self, content: bytes, algorithm: DigestAlgorithm = OUR_HASH) -> SpooledBody:
        """A finished body with this content."""
        if len(content) <= SMALL_BODY:
            return WholeBody(content)
        body = self.open(algorithm)
        await body.write(content)
        await body.finish()
        return body

    def close(self) -> None:
        """Forget the content of every body; safe to repeat."""
        for body in self._opened:
            body.close()

    def closing(self, outgoing: Outgoing) -> bytes | ClosingStream:
        """What is sent, once: bytes, which need no body any more, or a stream whose end is theirs."""
        if isinstance(outgoing, bytes):
            self.close()
            return outgoing
        return ClosingStream(self, outgoing())


class ClosingStream:
    """A stream whose ``aclose`` ends its bodies, also where not one byte of it was asked for."""

    __slots__ = ("_bodies", "_chunks")

    def __init__(self, bodies: Bodies, chunks: AsyncIterator[bytes]) -> None:
        self._bodies = bodies
        self._chunks = chunks

    def __aiter__(self) -> ClosingStream:
        return self

    def __anext__(self) -> Awaitable[bytes]:
        return self._chunks.__anext__()

    async def aclose(self) -> None:
        """Forget the bodies."""
        self._bodies.close()
