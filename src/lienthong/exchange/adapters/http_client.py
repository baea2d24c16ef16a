"""One HTTP/1.1 connection to a peer, one request at a time, precise about what was sent when it breaks.

Source: RFC 9112; message-path dossier s.3.2 (no retry once the request started), s.3.11.
"""

from __future__ import annotations

import asyncio
import select
import ssl
from collections.abc import AsyncIterator
from typing import cast

import httptools

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.adapters.http_errors import (
    AdapterError,
    BadMessageError,
    PeerClosedError,
    ReadTimeoutError,
    TlsError,
)
from lienthong.exchange.adapters.http_messages import Headers, HttpClientResponse, Peer, find_header
from lienthong.exchange.adapters.http_request_head import render_request_head
from lienthong.exchange.adapters.tls import peer_of

_HEAD_BYTES = 64 * 1024
_SMALL_BODY_BYTES = 64 * 1024
_BODILESS = frozenset({204, 304})


class ClientConnection(asyncio.Protocol):
    """Made and lent by :class:`~lienthong.exchange.adapters.pool.Pool`."""

    __slots__ = (
        "_alert", "_authority", "_body", "_closed", "_ever_heard", "_failure", "_head_bytes", "_headers", "_heard",
        "_in_flight", "_in_head", "_keep_alive", "_loop", "_method", "_parser", "_poll", "_reason", "_request_done",
        "_response", "_sent", "_timeout_s", "_timer", "_transport", "_until_eof", "_waiter", "_write_waiter", "peer",
    )  # fmt: skip

    def __init__(self, authority: bytes, loop: asyncio.AbstractEventLoop) -> None:
        self._authority = authority
        self._loop = loop
        self._poll = select.poll()
        self._closed = False
        self._ever_heard = False
        self._alert: ssl.SSLError | None = None
        self._failure: AdapterError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._write_waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timeout_s: float | None = None
        self._in_flight = False
        self._sent = False
        self._method = ""
        self._parser = httptools.HttpResponseParser(self)
        self._begin("")
        self.peer = Peer(address="")
        """Who is at the other end; judged before every request."""

    def _begin(self, method: str) -> None:
        if self._method == "HEAD":
            self._parser = httptools.HttpResponseParser(self)  # the last one still waits for the body HEAD never gets
        self._method = method
        self._response: HttpClientResponse | None = None
        self._body: BodyReader | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._reason = b""
        self._head_bytes = 0
        self._in_head = True
        self._heard = False
        self._keep_alive = True
        self._until_eof = False
        self._request_done = False

    # -- for the borrower ----------------------------------------------------------------------------------------

    async def request(
        self,
        method: str,
        target: bytes,
        headers: Headers = (),
        body: bytes | AsyncIterator[bytes] = b"",
        *,
        timeout_s: float | None = None,
    ) -> HttpClientResponse:
        """Send a request; the response comes back as soon as its headers are here.

        Args:
            target: origin form, percent-encoded.
            headers: emitted exactly as given; ``host`` is put first unless given, framing headers are ours.
            timeout_s: longest silence of the peer, before the response and inside its body; None waits for ever.
        Raises:
            TlsError: the peer refused our certificate; nothing that was sent reached anyone.
            PeerClosedError: says whether anything was sent and whether the response had begun.
            ReadTimeoutError: the peer was silent for *timeout_s*.
            BadMessageError: the response is not HTTP/1.1.
            ValueError: the request cannot be written as HTTP.
        """
        if self._in_flight:
            raise RuntimeError("one request at a time")
        whole = body if isinstance(body, bytes) else None
        head = render_request_head(method, target, headers, self._authority, whole)
        if self._closed:
            raise self._closed_error("the connection is closed")
        self._begin(method)
        self._in_flight = True
        self._timeout_s = timeout_s
        await self._send(head, body)
        return await self._await_head()

    def is_reusable(self) -> bool:
        """Whether the last exchange ended so cleanly that the connection can carry another."""
        return not (self._closed or self._in_flight) and self._keep_alive

    def is_stale(self) -> bool:
        """Whether an idle connection has something to read: an end, an alert, nothing we asked for."""
        return self._closed or bool(self._poll.poll(0))

    def close(self) -> None:
        """End the connection; an exchange in progress is cut."""
        self._disarm()
        if self._in_flight or (self._sent and not self._request_done):
            self._transport.abort()  # what is still buffered is of no use to a peer that has answered already
        elif not self._transport.is_closing():
            self._transport.close()

    # -- sending -------------------------------------------------------------------------------------------------

    async def _send(self, head: bytes, body: bytes | AsyncIterator[bytes]) -> None:
        self._sent = True
        if isinstance(body, bytes):
            if len(body) <= _SMALL_BODY_BYTES:
                self._transport.write(head + body if body else head)
            else:
                self._transport.writelines([head, body])
            self._request_done = True
        else:
            self._transport.write(head)
            await self._send_chunks(body)

    async def _send_chunks(self, body: AsyncIterator[bytes]) -> None:
        try:
            async for chunk in body:
                if self._response is not None or self._failure is not None:
                    return  # answered early, or broken: the rest is of no use to anyone
                if not chunk:
                    continue
                self._transport.writelines([b"%x\r\n" % len(chunk), chunk, b"\r\n"])
                if self._write_waiter is not None:
                    await self._drain()
        except BaseException:
            self._transport.abort()  # a body that failed half-way must not look complete
            raise
        if self._failure is None:
            self._transport.write(b"0\r\n\r\n")
            self._request_done = True

    async def _drain(self) -> None:
        self._arm()
        try:
            while self._write_waiter is not None and self._response is None and self._failure is None:
                await self._write_waiter
        finally:
            self._disarm()

    async def _await_head(self) -> HttpClientResponse:
        if self._response is None and self._failure is None:
            self._waiter = self._loop.create_future()
            self._arm()
            try:
                await self._waiter
            except asyncio.CancelledError:
                self._transport.abort()
                raise
            finally:
                self._waiter = None
                self._disarm()
        if self._response is not None:
            return self._response
        raise self._failure or self._closed_error("the peer closed the connection")

    def _arm(self) -> None:
        if self._timeout_s is not None:
            self._timer = self._loop.call_later(self._timeout_s, self._time_out)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_out(self) -> None:
        self._timer = None
        self._fail(ReadTimeoutError(f"the peer was silent for {self._timeout_s} s"))

    # -- transport callbacks -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn who it is."""
        self._transport = cast(asyncio.Transport, transport)
        self.peer = peer_of(self._transport)
        self._poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        if not self._in_flight or self._failure is not None:
            self._closed = True
            self._transport.abort()  # nobody asked for this
            return
        self._heard = self._ever_heard = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            if self._in_flight:
                self._fail(BadMessageError(f"the peer does not speak HTTP/1.1: {error}"))
            self._keep_alive = False
        if self._in_head and self._in_flight:
            self._head_bytes += len(data)
            if self._head_bytes > _HEAD_BYTES:
                self._fail(BadMessageError("response head too long"))

    def eof_received(self) -> None:
        """The end of a body without length, else the end of an exchange."""
        self._closed = True
        if self._until_eof and self._body is not None:
            self._finish()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits."""
        self._closed = True
        if isinstance(exc, ssl.SSLError) and not self._ever_heard:
            self._alert = exc  # under TLS 1.3 a server that refuses our certificate says so after our handshake ended
        if self._in_flight:
            detail = f": {exc}" if exc is not None else ""
            self._fail(self._closed_error(f"the peer closed the connection{detail}"))
        self.resume_writing()

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        if self._write_waiter is None:
            self._write_waiter = self._loop.create_future()

    def resume_writing(self) -> None:
        """The peer caught up, or nothing needs to be written any more."""
        waiter, self._write_waiter = self._write_waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    # -- parser callbacks ----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A head starts: interim or final."""
        self._headers = []
        self._reason = b""

    def on_status(self, reason: bytes) -> None:
        """The reason phrase, possibly in pieces."""
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; trailers are dropped."""
        if self._in_head:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The response is known; interim ones are skipped. Source: RFC 9110 s.15.2."""
        status: int = self._parser.get_status_code()
        if status < 200 or not self._in_flight or self._response is not None:
            if status == 101 or self._response is not None:
                raise BadMessageError("a response nobody asked for")
            return
        self._in_head = False
        if sum([len(name) + len(value) + 4 for name, value in self._headers]) > _HEAD_BYTES:
            raise BadMessageError("response head too long")
        framed = _is_framed(self._headers)
        self._keep_alive = self._parser.should_keep_alive() or (self._method == "HEAD" and self._may_stay_open())
        bodiless = self._method == "HEAD" or status in _BODILESS
        self._until_eof = not framed and not bodiless
        self._body = BodyReader(entity=not bodiless, on_flow=self._on_flow, on_wait=self._on_body_wait)
        self._response = HttpClientResponse(status=status, reason=self._reason, headers=self._headers, body=self._body)
        if self._method == "HEAD":
            self._finish()
        self._wake()

    def on_body(self, data: bytes) -> None:
        """Some of the body."""
        if self._body is not None:
            self._body.feed(data)

    def on_message_complete(self) -> None:
        """The response is whole."""
        if self._response is not None and self._body is not None:
            self._finish()

    # -- inside --------------------------------------------------------------------------------------------------

    def _may_stay_open(self) -> bool:
        """What llhttp cannot say of an answer to HEAD, because it waits for the body."""
        return self._parser.get_http_version() == "1.1" and find_header(self._headers, b"connection") is None

    def _finish(self) -> None:
        body, self._body = self._body, None
        self._in_flight = False
        self._keep_alive = self._keep_alive and self._request_done and not self._until_eof
        if body is not None:
            body.finish()

    def _fail(self, error: AdapterError) -> None:
        if self._failure is None:
            self._failure = error
        self._closed = True
        self._keep_alive = False
        if self._body is not None:
            self._body.fail(error)
        self._wake()
        self._transport.abort()

    def _closed_error(self, message: str) -> AdapterError:
        if self._alert is not None:
            return TlsError(f"the peer refused the TLS handshake: {self._alert.reason}")
        return PeerClosedError(message, request_sent=self._in_flight and self._sent, response_started=self._heard)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
        if self._write_waiter is not None and not self._write_waiter.done():
            self._write_waiter.set_result(None)

    def _on_flow(self, paused: bool) -> None:
        if not self._closed:
            if paused:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    def _on_body_wait(self, waiting: bool) -> None:
        if waiting:
            self._arm()
        else:
            self._disarm()


def _is_framed(headers: list[tuple[bytes, bytes]]) -> bool:
    if find_header(headers, b"content-length") is not None:
        return True
    coding = find_header(headers, b"transfer-encoding")
    if coding is not None and coding.lower() != b"chunked":
        raise BadMessageError("the only transfer coding is chunked")
    return coding is not None
