"""Connections kept alive and judged again for every request (face; being written)."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from lienthong.exchange.adapters.http_client import ClientConnection
from lienthong.exchange.adapters.http_messages import Peer

Address = tuple[str, int]
"""Host (name or IP address) and port."""
Verify = Callable[[Peer], Awaitable[None] | None]
"""Raises when this peer may not get this request."""


class Pool:
    """Connections to peers of one kind (one TLS context)."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        idle_timeout_s: float = 50.0,
        max_idle_per_host: int = 64,
        connect_timeout_s: float = 30.0,
    ) -> None:
        raise NotImplementedError

    def lease(self, address: Address, *, verify: Verify | None = None) -> AbstractAsyncContextManager[ClientConnection]:
        """``async with pool.lease(address, verify=…) as connection``; ConnectError, TlsError or what *verify* raises."""
        raise NotImplementedError

    def use_context(self, ssl_context: ssl.SSLContext | None) -> None:
        """New connections get *ssl_context*; idle ones made with the old one are closed."""

    async def close(self) -> None:
        """Close every idle connection and refuse to lease."""
