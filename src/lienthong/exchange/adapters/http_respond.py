"""How a response goes out: whole or in chunks, no faster than the peer takes it."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator

from lienthong.exchange.adapters.http_errors import PeerClosedError
from lienthong.exchange.adapters.http_head import render_head
from lienthong.exchange.adapters.http_messages import HttpRequest, HttpResponse, find_header
from lienthong.exchange.adapters.http_state import ServerState

_SMALL_BODY_BYTES = 64 * 1024
_BODILESS = frozenset({204, 304})


class ResponseWriter:
    """Writes responses to one transport; ``deadline`` is when a peer that takes nothing is given up."""

    __slots__ = ("_lost", "_state", "_transport", "_waiter", "deadline")

    def __init__(self, transport: asyncio.Transport, state: ServerState) -> None:
        self._transport = transport
        self._state = state
        self._waiter: asyncio.Future[None] | None = None
        self._lost = False
        self.deadline = math.inf

    def pause(self) -> None:
        """The peer reads more slowly than we write."""
        self.deadline = self._state.loop.time() + self._state.limits.write_stall_s
        if self._waiter is None:
            self._waiter = self._state.loop.create_future()

    def resume(self) -> None:
        """The peer caught up, or is gone."""
        self.deadline = math.inf
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def lose(self) -> None:
        """The connection is gone."""
        self._lost = True
        self.resume()

    def send_bare(self, status: int) -> None:
        """A refusal without headers or body that ends the connection."""
        self._transport.write(render_head(status, (), b"content-length: 0\r\nconnection: close\r\n"))

    async def send(self, request: HttpRequest, response: HttpResponse, keep: bool) -> bool:
        """Write *response*; whether the connection may go on.

        Raises:
            PeerClosedError: the peer left before it had everything.
            ValueError: the response cannot be written as HTTP.
        """
        body = response.body
        if isinstance(body, bytes):
            self._require_peer()
            self._write_whole(request, response, body, keep)
        else:
            keep = keep and request.version == "1.1"
            await self._write_stream(request, response, body, keep)
        if self._waiter is not None or self._lost:
            await self._drain()
        return keep

    def _require_peer(self) -> None:
        if self._lost:
            raise PeerClosedError("the peer left before the response", request_sent=False, response_started=False)

    def _write_whole(self, request: HttpRequest, response: HttpResponse, body: bytes, keep: bool) -> None:
        bodiless = request.method == "HEAD" or response.status in _BODILESS
        own_length = bodiless and not body
        framing = b"" if own_length else b"content-length: %d\r\n" % len(body)
        head = self._head(request, response, framing, keep=keep, keep_length=own_length and response.status != 204)
        if bodiless or not body:
            self._transport.write(head)
        elif len(body) <= _SMALL_BODY_BYTES:
            self._transport.write(head + body)
        else:
            self._transport.writelines([head, body])

    async def _write_stream(
        self, request: HttpRequest, response: HttpResponse, body: AsyncIterator[bytes], keep: bool
    ) -> None:
        bodiless = request.method == "HEAD" or response.status in _BODILESS
        chunked = request.version == "1.1" and not bodiless
        framing = b"transfer-encoding: chunked\r\n" if chunked else b""
        try:
            self._require_peer()
            self._transport.write(self._head(request, response, framing, keep=keep, keep_length=bodiless))
            if not bodiless:
                await self._write_chunks(body, chunked=chunked)
        finally:
            close = getattr(body, "aclose", None)
            if close is not None:
                await close()

    async def _write_chunks(self, body: AsyncIterator[bytes], *, chunked: bool) -> None:
        async for chunk in body:
            if chunk:
                self._transport.writelines([b"%x\r\n" % len(chunk), chunk, b"\r\n"] if chunked else [chunk])
                if self._waiter is not None or self._lost:
                    await self._drain()
        if chunked:
            self._transport.write(b"0\r\n\r\n")

    def _head(
        self, request: HttpRequest, response: HttpResponse, framing: bytes, *, keep: bool, keep_length: bool
    ) -> bytes:
        if not keep:
            framing += b"connection: close\r\n"
        elif request.version == "1.0":
            framing += b"connection: keep-alive\r\n"
        if self._state.date_line and find_header(response.headers, b"date") is None:
            framing += self._state.date_line
        return render_head(response.status, response.headers, framing, reason=response.reason, keep_length=keep_length)

    async def _drain(self) -> None:
        if self._waiter is not None:
            await self._waiter
        if self._lost:
            raise PeerClosedError("the peer left during the response", request_sent=False, response_started=True)
