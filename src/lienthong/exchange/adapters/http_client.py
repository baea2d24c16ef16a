"""One HTTP/1.1 connection to a peer (face; being written)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from lienthong.exchange.adapters.http_body import BodyReader
from lienthong.exchange.adapters.http_messages import Headers, Peer, find_header


@dataclass(slots=True, kw_only=True)
class HttpClientResponse:
    """What the peer answered; the body is still arriving."""

    status: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]
    """In received order and spelling."""
    body: BodyReader

    def header(self, name: bytes) -> bytes | None:
        """The last value under *name* (lower case), or None."""
        return find_header(self.headers, name)


class ClientConnection:
    """One request at a time over one connection."""

    peer: Peer

    async def request(
        self,
        method: str,
        target: bytes,
        headers: Headers,
        body: bytes | AsyncIterator[bytes] = b"",
        *,
        timeout_s: float | None = None,
    ) -> HttpClientResponse:
        """Send a request and return the response once its headers are here.

        ``timeout_s`` bounds every silence of the peer. ``host`` is added unless given. Raises PeerClosedError,
        ReadTimeoutError, BadMessageError.
        """
        raise NotImplementedError
