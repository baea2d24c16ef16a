"""Limits of the HTTP server; its messages are the values of :mod:`lienthong.exchange.transport.http`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.transport.http import (
    Handler,
    Headers,
    HttpClientResponse,
    HttpRequest,
    HttpResponse,
    Peer,
    find_header,
)

__all__ = [
    "Handler",
    "Headers",
    "HttpClientResponse",
    "HttpLimits",
    "HttpRequest",
    "HttpResponse",
    "OnError",
    "Peer",
    "ReceivedRequest",
    "find_header",
]


class ReceivedRequest(HttpRequest):
    """A request of the server, whose body it feeds."""

    __slots__ = ()
    body: BodyReader


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
