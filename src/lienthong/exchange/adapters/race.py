"""The fastest-connecting server among several (face; being written)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from lienthong.exchange.adapters.http_client import ClientConnection
from lienthong.exchange.adapters.pool import Address, Pool, Verify


class Race:
    """Leases from whichever server connects first; remembers the winner. Source: message-path s.3.2."""

    def __init__(self, pool: Pool, *, cache_s: float = 3600.0, cache_entries: int = 10_000) -> None:
        raise NotImplementedError

    def lease(
        self, addresses: Sequence[Address], *, verify: Verify | None = None
    ) -> AbstractAsyncContextManager[ClientConnection]:
        """As ``Pool.lease``, for any one of *addresses*; ConnectError when none will do."""
        raise NotImplementedError
