"""One connection of the HTTP server: bytes become requests, responses become bytes, strictly in order.

llhttp's callbacks fill a queue; one task takes requests from it one after the other, so pipelined requests are
answered in order and a slow handler holds back its own peer only. Time limits are deadlines that the server's ticker
looks at, because a timer for each request would cost more than the request.

Source: RFC 9112 s.9; message-path dossier s.2.1, s.3.4.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import deque
from typing import cast

import httptools

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.adapters.http_errors import (
    AdapterError,
    BadMessageError,
    BodyTooLargeError,
    PeerClosedError,
    ReadTimeoutError,
)
from lienthong.exchange.adapters.http_head import (
    CONTINUE,
    Framing,
    HeadRefusedError,
    check_headers,
    check_target,
)
from lienthong.exchange.adapters.http_messages import HttpResponse, Peer, ReceivedRequest
from lienthong.exchange.adapters.http_respond import ResponseWriter
from lienthong.exchange.adapters.http_state import ServerState
from lienthong.exchange.adapters.tls import peer_of

_NEVER = math.inf
_LINGER_S = 2.0
_LINGER_STEP_S = 0.3
"""A peer that sent nothing for so long has stopped sending."""


class ServerConnection(asyncio.Protocol):
    """Speaks HTTP/1.1 with one peer until either side ends it."""

    __slots__ = (
        "_body", "_chunk_bytes", "_continue_due", "_deaf", "_ended", "_head_bytes", "_headers", "_held", "_in_head",
        "_mixed_chunk", "_out", "_overheard", "_parser", "_queue", "_state", "_target", "_transport", "_waiter",
        "busy", "deadline", "peer", "peer_key", "task",
    )  # fmt: skip

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[ReceivedRequest | HeadRefusedError] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._body: BodyReader | None = None
        self._target = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._in_head = False
        self._mixed_chunk = False
        self._overheard = False
        self._chunk_bytes = 0
        self._continue_due = False
        self._held = 0
        self._deaf = False
        self._ended = False
        self.busy = False
        self.task: asyncio.Task[None] | None = None
        self.deadline = _NEVER
        self.peer = Peer(address="")
        self.peer_key: bytes | str = ""

    # -- transport callbacks -------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Learn who it is; take a place or be turned away."""
        self._transport = cast(asyncio.Transport, transport)
        self._out = ResponseWriter(self._transport, self._state)
        self.peer = peer_of(self._transport)
        self.peer_key = self.peer.leaf_der or self.peer.address
        if not self._state.admit(self, self.peer_key):
            self._deaf = True
            self._out.send_bare(503)
            self._transport.close()
            return
        self.deadline = self._state.loop.time() + self._state.limits.head_timeout_s
        self.task = self._state.start(self.run())

    def data_received(self, data: bytes) -> None:
        """Feed the parser; turn what it refuses into a refusal in its place in the queue."""
        if self._deaf:
            self._overheard = True
            return
        self._mixed_chunk = False
        self._chunk_bytes = len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._ignore_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self._refuse(error)
        if self._in_head and not self._mixed_chunk:
            self._watch_head(len(data))
        if len(self._queue) > 1:
            self._hold(2)

    def eof_received(self) -> bool:
        """Keep writing to a peer that only closed its sending side (plain TCP); there is no such thing in TLS."""
        self._ended = self._deaf = True
        self._fail_body("the peer stopped sending in the middle of a body")
        self._wake()
        return (self.busy or bool(self._queue)) and not self.peer.tls

    def connection_lost(self, exc: Exception | None) -> None:
        """Wake whoever waits for this peer."""
        self._ended = self._deaf = True
        self._state.forget(self, self.peer_key)
        self._fail_body("the peer closed the connection in the middle of a body")
        self._wake()
        self._out.lose()

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        self._out.pause()

    def resume_writing(self) -> None:
        """The peer caught up."""
        self._out.resume()

    # -- parser callbacks ----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """A new head starts."""
        self._in_head = True
        self._target = b""
        self._headers = []
        self._head_bytes = 0
        if not self.busy and not self._queue:
            self.deadline = self._state.loop.time() + self._state.limits.head_timeout_s

    def on_url(self, url: bytes) -> None:
        """The target, possibly in pieces."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; those after the body (trailers) are counted, never kept."""
        if self._in_head:
            self._headers.append((name, value))
        else:
            self._head_bytes += len(name) + len(value) + 4
            if self._head_bytes > self._state.limits.head_bytes:
                raise HeadRefusedError(431, "trailers too long")

    def on_headers_complete(self) -> None:
        """Judge the head and queue the request."""
        parser = self._parser
        self._in_head = False
        headers = self._headers
        if self._head_bytes + self._chunk_bytes > self._state.limits.head_bytes:  # else it cannot be too long
            size = len(self._target) + 16 + sum([len(name) + len(value) + 4 for name, value in headers])
            if size > self._state.limits.head_bytes:
                raise HeadRefusedError(431, "head too long")
        self._head_bytes = 0
        version: str = parser.get_http_version()
        method: bytes = parser.get_method()
        target = check_target(method, self._target)
        framing = check_headers(headers, version)
        self._enqueue(ReceivedRequest(
            method=method.decode(), target=target, headers=headers, body=self._make_body(framing), peer=self.peer,
            version=version, keep_alive=parser.should_keep_alive(),
        ))  # fmt: skip

    def on_body(self, data: bytes) -> None:
        """Some of the body."""
        if self._body is not None:
            self._body.feed(data)
            if self.deadline != _NEVER:
                self.deadline = self._state.loop.time() + self._state.limits.body_silence_s

    def on_message_complete(self) -> None:
        """The body is whole."""
        self._mixed_chunk = True
        if self._body is not None:
            self._body.finish()
            self._body = None
        self._continue_due = False

    # -- from parser to queue ------------------------------------------------------------------------------------

    def _make_body(self, framing: Framing) -> BodyReader:
        body = BodyReader(entity=framing.entity, on_flow=self._on_flow, on_wait=self._on_body_wait)
        self._body = body
        self._continue_due = framing.expects_continue
        return body

    def _enqueue(self, item: ReceivedRequest | HeadRefusedError) -> None:
        self._queue.append(item)
        self.deadline = _NEVER
        self._wake()

    def _refuse(self, error: Exception) -> None:
        """Nothing after this point can be trusted to be where a message starts."""
        self._deaf = True
        self._in_head = False
        if self._body is not None:
            self._body.fail(BadMessageError(f"broken body framing: {error}"))
            self._body = None
        else:
            cause = error.__context__
            self._enqueue(cause if isinstance(cause, HeadRefusedError) else HeadRefusedError(400, str(error)))

    def _ignore_upgrade(self, rest: bytes) -> None:
        """We never switch protocols; the bytes after the request are the next request. Source: RFC 9110 s.7.8."""
        if rest:
            self.data_received(rest)

    def _watch_head(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._state.limits.head_bytes + 64:
            self._deaf = True
            self._in_head = False
            self._enqueue(HeadRefusedError(431, "head too long"))

    def _fail_body(self, why: str) -> None:
        if self._body is not None:
            self._body.fail(PeerClosedError(why, request_sent=False, response_started=False))
            self._body = None

    def _on_flow(self, paused: bool) -> None:
        if paused:
            self._hold(1)
        else:
            self._release(1)

    def _hold(self, reason: int) -> None:
        if not self._held and not self._ended:
            self._transport.pause_reading()
        self._held |= reason

    def _release(self, reason: int) -> None:
        if self._held & reason:
            self._held &= ~reason
            if not self._held and not self._ended:
                self._transport.resume_reading()

    def _on_body_wait(self, waiting: bool) -> None:
        if not waiting:
            self.deadline = _NEVER
            return
        self.deadline = self._state.loop.time() + self._state.limits.body_silence_s
        if self._continue_due:
            self._continue_due = False
            self._transport.write(CONTINUE)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- the task of this connection -----------------------------------------------------------------------------

    async def run(self) -> None:
        """Answer requests in order until the connection ends."""
        try:
            while await self._has_request():
                item = self._queue.popleft()
                if not self._queue:
                    self._release(2)
                self.busy = True
                keep = await self._answer(item)
                self.busy = False
                if not keep:
                    await self._linger()
                    break
        except PeerClosedError:
            pass
        finally:
            if not self._transport.is_closing():  # Python before 3.11.4 cannot abort a TLS transport closed twice
                self._transport.close()

    async def _has_request(self) -> bool:
        if self._queue:
            return True
        if self._deaf:
            return False
        if self.deadline == _NEVER:
            limits = self._state.limits
            self.deadline = self._state.loop.time() + (
                limits.head_timeout_s if self._in_head else limits.idle_timeout_s
            )
        self._waiter = self._state.loop.create_future()
        await self._waiter
        self._waiter = None
        return bool(self._queue)

    async def _answer(self, item: ReceivedRequest | HeadRefusedError) -> bool:
        if isinstance(item, HeadRefusedError):
            self._out.send_bare(item.status)
            return False
        try:
            response = await self._state.handler(item)
        except Exception as error:  # noqa: BLE001 - this is the supervisor of one request
            response = self._respond_to_failure(item, error)
        keep = item.keep_alive and not response.close and not self._state.draining and item.body.is_complete
        try:
            kept = await self._out.send(item, response, keep)
        except PeerClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - supervisor: a broken response must not look complete
            self._state.report(error, item)
            self._transport.abort()
            return False
        item.body.discard()
        return kept

    def _respond_to_failure(self, request: ReceivedRequest, error: Exception) -> HttpResponse:
        status = 500
        if request.body.failure is error and isinstance(error, AdapterError):
            status = 408 if isinstance(error, ReadTimeoutError) else 400
        elif isinstance(error, BodyTooLargeError):
            status = 413
        else:
            self._state.report(error, request)
        return HttpResponse(status=status, close=True)

    async def _linger(self) -> None:
        """Let a peer that is still sending read our answer before the connection is reset under it."""
        if self._ended or (self._body is None and not self._deaf):
            return
        self._deaf = True
        self._held = 0
        self._transport.resume_reading()
        if not self.peer.tls and self._transport.can_write_eof():
            with contextlib.suppress(OSError):  # the peer may be gone already
                self._transport.write_eof()
        loop = self._state.loop
        end = loop.time() + _LINGER_S
        self._overheard = True
        while self._is_peer_sending() and loop.time() < end:
            self._waiter = loop.create_future()
            timer = loop.call_later(_LINGER_STEP_S, self._wake)
            await self._waiter
            timer.cancel()

    def _is_peer_sending(self) -> bool:
        heard, self._overheard = self._overheard, False
        return heard and not self._ended

    @property
    def write_deadline(self) -> float:
        """Loop time at which a peer that takes nothing of our response is given up."""
        return self._out.deadline

    def abort(self) -> None:
        """Drop the peer now."""
        self._transport.abort()

    def expire(self) -> None:
        """A deadline has passed; called by the ticker."""
        self.deadline = _NEVER
        if self._out.deadline < self._state.loop.time():
            self._transport.abort()
        elif self._body is not None and self.busy:
            self._body.fail(ReadTimeoutError("the peer fell silent in the middle of a body"))
            self._body = None
            self._deaf = True
        elif self._in_head:
            self._in_head = False
            self._deaf = True
            self._enqueue(HeadRefusedError(408, "head too slow"))
        elif not self.busy:
            self._deaf = True
            self._wake()
