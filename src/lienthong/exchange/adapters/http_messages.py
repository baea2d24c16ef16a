"""Requests, responses and limits of the HTTP server, as values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from lienthong.exchange.adapters.http_body import BodyReader

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who is at the other end of a connection."""

    address: str
    """IP address as text; "" for a local socket."""
    tls: bool = False
    """Whether the connection is TLS."""
    leaf_der: bytes | None = None
    """The certificate the peer proved to own (DER); None without TLS or when it sent none."""
    chain_der: tuple[bytes, ...] = ()
    """Every certificate the peer sent, leaf first (DER), unverified."""


class HttpRequest:
    """One request as received: nothing decoded, nothing reordered."""

    __slots__ = ("body", "headers", "keep_alive", "method", "peer", "target", "version")

    def __init__(  # a frozen dataclass would cost a microsecond for each request
        self,
        *,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: BodyReader,
        peer: Peer,
        version: str = "1.1",
        keep_alive: bool = True,
    ) -> None:
        self.method = method
        """Upper case, one that llhttp knows."""
        self.target = target
        """Raw path and query, undecoded: ``/r1/a%2Fb?x=1``."""
        self.headers = headers
        """Name and value, in received order and spelling."""
        self.body = body
        self.peer = peer
        self.version = version
        """``1.1`` or ``1.0``."""
        self.keep_alive = keep_alive
        """Whether the peer wants the connection to stay open."""

    @property
    def raw_path(self) -> bytes:
        """The path, percent-encoding untouched."""
        return self.target.partition(b"?")[0]

    @property
    def raw_query(self) -> bytes:
        """What follows the first ``?``, undecoded; ``b""`` without one."""
        return self.target.partition(b"?")[2]

    def header(self, name: bytes) -> bytes | None:
        """The last value under *name* (lower case), or None."""
        return find_header(self.headers, name)


@dataclass(slots=True, kw_only=True)
class HttpResponse:
    """What a handler answers. Framing headers (content-length, transfer-encoding, connection) are the server's."""

    status: int
    headers: Headers = ()
    """Emitted exactly as given: X-Road peers look names up case-sensitively."""
    body: bytes | AsyncIterator[bytes] = b""
    """Bytes go out with a content-length, an iterator in chunks with back-pressure."""
    reason: bytes | None = None
    """Reason phrase; the standard one when None."""
    close: bool = False
    """Close the connection after this response."""


Handler = Callable[[HttpRequest], Awaitable[HttpResponse]]
OnError = Callable[[BaseException, HttpRequest], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """How much of us one peer, and all of them, may take."""

    head_bytes: int = 8192
    """Request line and headers together; more is 431. Source: message-path s.2.1."""
    head_timeout_s: float = 30.0
    """From the first byte of a request to the end of its headers, and before the first request."""
    idle_timeout_s: float = 75.0
    """Between requests; longer than our own pool keeps a connection (50 s)."""
    body_silence_s: float = 30.0
    """While a handler waits for more of the body."""
    write_stall_s: float = 30.0
    """While the peer takes nothing of our response."""
    handshake_timeout_s: float = 10.0
    """TLS handshake."""
    max_connections: int = 5000
    """Open at once; more are answered 503. Source: message-path s.3.8 step 0."""
    max_connections_per_peer: int | None = None
    """Open at once for one partner (certificate, else IP address); stands in for X-Road's round robin."""
    drain_idle_s: float = 0.25
    """While closing: how long an idle connection may still bring a request."""


def find_header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """The last value under *name* (lower case), or None."""
    for key, value in reversed(headers):
        if key.lower() == name:
            return value
    return None
