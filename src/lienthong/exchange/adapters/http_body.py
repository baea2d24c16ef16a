"""A message body as it arrives: bounded in memory, readable once, honest about its end."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from lienthong.exchange.adapters.http_errors import AdapterError, BodyTooLargeError

HIGH_WATER_BYTES = 256 * 1024
"""Above this much unread body the sender is made to wait."""
LOW_WATER_BYTES = 64 * 1024


class BodyReader:
    """The bytes of one body, in order, once: ``async for chunk in body`` or ``await body.read(limit)``.

    ``entity`` says whether the message announced a body at all, even one of zero bytes. The other methods below the
    line belong to the connection that feeds it.
    """

    __slots__ = (
        "_chunks", "_ended", "_failure", "_on_flow", "_on_wait", "_paused", "_total", "_unread", "_waiter", "entity",
    )  # fmt: skip

    def __init__(
        self,
        *,
        entity: bool,
        on_flow: Callable[[bool], None] | None = None,
        on_wait: Callable[[bool], None] | None = None,
    ) -> None:
        self.entity = entity
        self._chunks: deque[bytes] = deque()
        self._unread = 0
        self._total = 0
        self._ended = False
        self._paused = False
        self._failure: AdapterError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._on_flow = on_flow
        self._on_wait = on_wait

    @classmethod
    def of(cls, data: bytes) -> BodyReader:
        """A body that has arrived already; for tests and for answers made here."""
        body = cls(entity=True)
        if data:
            body.feed(data)
        body.finish()
        return body

    def __aiter__(self) -> BodyReader:
        return self

    async def __anext__(self) -> bytes:
        chunk = await self.read_chunk()
        if not chunk:
            raise StopAsyncIteration
        return chunk

    async def read_chunk(self) -> bytes:
        """The next bytes, as many as are there; ``b""`` at the end.

        Raises:
            PeerClosedError: the peer went away before the end.
            ReadTimeoutError: the peer fell silent.
            BadMessageError: the framing of the body is broken.
        """
        while not self._chunks:
            if self._failure is not None:
                raise self._failure
            if self._ended:
                return b""
            await self._wait()
        chunk = self._chunks.popleft()
        self._unread -= len(chunk)
        if self._paused and self._unread <= LOW_WATER_BYTES:
            self._set_flow(paused=False)
        return chunk

    async def read(self, limit: int) -> bytes:
        """The whole of a small body; raises BodyTooLargeError when it is longer than *limit* bytes."""
        if self._ended and len(self._chunks) <= 1 and self._unread <= limit:
            self._unread = 0
            return self._chunks.popleft() if self._chunks else b""
        parts: list[bytes] = []
        size = 0
        while chunk := await self.read_chunk():
            size += len(chunk)
            if size > limit:
                raise BodyTooLargeError(f"body is longer than {limit} bytes")
            parts.append(chunk)
        return b"".join(parts)

    def take_whole(self, limit: int) -> bytes | None:
        """Everything at once where all of it is here and at most *limit* bytes; else None, and nothing is taken."""
        if not self._ended or self._unread != self._total or self._total > limit:
            return None
        self._unread = 0
        content = b"".join(self._chunks)
        self._chunks.clear()
        return content

    async def wait_first(self) -> bool:
        """Wait for the first byte or the end, consuming nothing; whether there is a byte."""
        while not self._total and not self._ended:
            if self._failure is not None:
                raise self._failure
            await self._wait()
        return self._total > 0

    def is_empty(self) -> bool:
        """Whether the body has ended without a single byte; sure after ``wait_first`` or the first read."""
        return self._ended and not self._total

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived (not: has been read)."""
        return self._ended

    @property
    def is_consumed(self) -> bool:
        """Whether every byte has arrived and has been read."""
        return self._ended and not self._chunks

    @property
    def failure(self) -> AdapterError | None:
        """Why the rest will never arrive, if so."""
        return self._failure

    # -- the connection's side -----------------------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        """Append bytes that arrived; asks the connection to pause above the high-water mark."""
        self._chunks.append(data)
        self._total += len(data)
        self._unread += len(data)
        if self._unread > HIGH_WATER_BYTES and not self._paused:
            self._set_flow(paused=True)
        self._wake()

    def finish(self) -> None:
        """The last byte has arrived; what comes next on the connection is not ours to hold back."""
        self._ended = True
        if self._paused:
            self._set_flow(paused=False)
        self._wake()

    def fail(self, error: AdapterError) -> None:
        """The rest will never arrive; what is already here can still be read."""
        if not self._ended and self._failure is None:
            self._failure = error
            self._wake()

    def discard(self) -> None:
        """Forget what is unread and let the rest flow."""
        self._chunks.clear()
        self._unread = 0
        if self._paused:
            self._set_flow(paused=False)

    def _set_flow(self, *, paused: bool) -> None:
        self._paused = paused
        if self._on_flow is not None:
            self._on_flow(paused)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _wait(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        if self._on_wait is not None:
            self._on_wait(True)
        try:
            await self._waiter
        finally:
            self._waiter = None
            if self._on_wait is not None:
                self._on_wait(False)
