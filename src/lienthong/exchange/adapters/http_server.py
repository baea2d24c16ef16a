"""HTTP/1.1 server of the message path (face; being written)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence

from lienthong.exchange.adapters.http_messages import (
    Handler,
    HttpLimits,
    HttpRequest,
    HttpResponse,
    OnError,
    Peer,
)

__all__ = ["Handler", "HttpLimits", "HttpRequest", "HttpResponse", "HttpServer", "Peer", "serve"]


class HttpServer:
    """A running server; also an async context manager that closes it."""

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens."""
        raise NotImplementedError

    async def use_context(self, ssl_context: ssl.SSLContext) -> None:
        """New connections get *ssl_context*; open ones go on as they are."""

    async def close(self, grace_s: float = 10.0) -> None:
        """Stop accepting, let requests in progress finish, abort what is left after *grace_s*."""


async def serve(
    handler: Handler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    sockets: Sequence[socket.socket] = (),
    ssl_context: ssl.SSLContext | None = None,
    limits: HttpLimits = HttpLimits(),
    on_error: OnError | None = None,
    add_date: bool = False,
) -> HttpServer:
    """Listen and answer with *handler* until closed."""
    raise NotImplementedError
