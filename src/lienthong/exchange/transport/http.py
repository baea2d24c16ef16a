"""HTTP messages as values: what a listener hands to a flow and what the flow gives back.

Header names and targets keep the spelling in which they crossed the wire: X-Road signs some of them and looks others up
by exact case. Source: message-path dossier s.3.4.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

Headers = Sequence[tuple[bytes, bytes]]
"""Names and values in the order and spelling of the wire (ISO-8859-1)."""


class Body(Protocol):
    """The bytes of one body, in order, once."""

    entity: bool
    """Whether the message announced a body at all, even one of zero bytes."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def read(self, limit: int) -> bytes:
        """Everything, if it is at most *limit* bytes; otherwise raise."""
        ...

    def take_whole(self, limit: int) -> bytes | None:
        """Everything at once where all of it is here and at most *limit* bytes; else None, and nothing is taken."""
        ...

    async def wait_first(self) -> bool:
        """Wait for the first byte or the end, consuming nothing; whether there is a byte."""
        ...


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

    __slots__ = ("_named", "body", "headers", "keep_alive", "method", "peer", "target", "version")

    def __init__(  # a dataclass would cost a microsecond for each request
        self,
        *,
        method: str,
        target: bytes,
        headers: list[tuple[bytes, bytes]],
        body: Body,
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
        self._named: dict[bytes, bytes] | None = None

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
        if self._named is None:
            self._named = {key.lower(): value for key, value in self.headers}
        return self._named.get(name)


class HttpResponse(msgspec.Struct, kw_only=True):
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


class HttpClientResponse(msgspec.Struct, kw_only=True):
    """What a peer answered; the body is still arriving."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    """In received order and spelling."""
    body: Body

    def header(self, name: bytes) -> bytes | None:
        """The last value under *name* (lower case), or None."""
        return find_header(self.headers, name)


Handler = Callable[[HttpRequest], Awaitable[HttpResponse]]


def find_header(headers: Headers, name: bytes) -> bytes | None:
    """The last value under *name* (lower case), or None."""
    for key, value in reversed(headers):
        if key.lower() == name:
            return value
    return None
