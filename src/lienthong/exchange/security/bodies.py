"""The spooled bodies of one call, which end with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from lienthong.exchange.security.ports import Spool, SpooledBody
from lienthong.trust.algorithms import DigestAlgorithm

OUR_HASH = DigestAlgorithm.SHA512
"""What we sign with; every body is hashed by it."""


class Bodies:
    """Opens spooled bodies and closes all of them at once."""

    __slots__ = ("_opened", "_spool")

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._opened: list[SpooledBody] = []

    def open(self, algorithm: DigestAlgorithm = OUR_HASH) -> SpooledBody:
        """A new body, hashed by *algorithm* and by our own."""
        algorithms = (OUR_HASH,) if algorithm is OUR_HASH else (OUR_HASH, algorithm)
        body = self._spool.open(*algorithms)
        self._opened.append(body)
        return body

    def close(self) -> None:
        """Forget the content of every body; safe to repeat."""
        for body in self._opened:
            body.close()

    def closing(self, stream: Callable[[], AsyncIterator[bytes]]) -> ClosingStream:
        """The stream once; who takes it closes it, and with it the bodies."""
        return ClosingStream(self, stream())


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
