"""The fastest-connecting server among several; it is remembered and tried alone next time.

Source: message-path dossier s.3.2.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence

from lienthong.exchange.adapters.http_client import ClientConnection
from lienthong.exchange.adapters.http_errors import ConnectError
from lienthong.exchange.adapters.pool import Address, Lease, Pool, Verify
from lienthong.exchange.errors import ExchangeError

_CACHED_TIMEOUT_S = 5.0
_LEAST_TIMEOUT_S = 5.0


class Race:
    """Leases from whichever server connects first and passes ``verify``."""

    def __init__(
        self, pool: Pool, *, cache_s: float = 3600.0, cache_entries: int = 10_000, timeout_s: float = 30.0
    ) -> None:
        """*cache_s* 0 races every time."""
        self._pool = pool
        self._cache_s = cache_s
        self._cache_entries = cache_entries
        self._timeout_s = timeout_s
        self._winners: dict[tuple[Address, ...], tuple[float, Address]] = {}

    def lease(self, addresses: Sequence[Address], *, verify: Verify | None = None) -> Lease:
        """As ``Pool.lease``, for any one of *addresses*.

        Raises (on entering) what the last candidate failed with: ConnectError, TlsError or what *verify* raised, as
        long as that is an ExchangeError; nothing was sent to anyone.
        """

        async def acquire() -> tuple[Address, ClientConnection]:
            return await self._acquire(list(dict.fromkeys(addresses)), verify)

        return Lease(self._pool, acquire)

    async def _acquire(self, candidates: list[Address], verify: Verify | None) -> tuple[Address, ClientConnection]:
        if len(candidates) == 1:
            return candidates[0], await self._pool.acquire(candidates[0], verify)
        key = tuple(sorted(candidates))
        failure: ExchangeError = ConnectError("no address to connect to")
        if (cached := self._recall(key)) is not None:
            try:
                return cached, await self._pool.acquire(cached, verify, timeout_s=_CACHED_TIMEOUT_S)
            except ExchangeError as error:
                failure = error
                self._winners.pop(key, None)
                candidates.remove(cached)
        timeout_s = self._timeout_s
        while candidates:
            address, connected = await connect_fastest(candidates, timeout_s)
            try:
                connection = await self._pool.acquire(address, verify, connected=connected, timeout_s=timeout_s)
            except ExchangeError as error:
                failure = error
                candidates.remove(address)
                timeout_s = max(_LEAST_TIMEOUT_S, timeout_s / 2)
                continue
            self._remember(key, address)
            return address, connection
        raise failure

    def _recall(self, key: tuple[Address, ...]) -> Address | None:
        until, address = self._winners.get(key, (0.0, None))
        return address if until > asyncio.get_running_loop().time() else None

    def _remember(self, key: tuple[Address, ...], address: Address) -> None:
        if self._cache_s > 0:
            self._winners.pop(key, None)
            if len(self._winners) >= self._cache_entries:
                del self._winners[next(iter(self._winners))]
            self._winners[key] = (asyncio.get_running_loop().time() + self._cache_s, address)


async def connect_fastest(addresses: Sequence[Address], timeout_s: float) -> tuple[Address, socket.socket]:
    """Connect to all at once; the first to be connected, the others are closed. Raises ConnectError."""
    heat = _Heat()
    try:
        async with asyncio.timeout(timeout_s), asyncio.TaskGroup() as group:
            for address in addresses:
                heat.enter(group, address)
    except TimeoutError:
        pass
    except BaseException:
        if heat.winner is not None:
            heat.winner[1].close()
        raise
    if heat.winner is None:
        raise ConnectError(
            f"none of {len(addresses)} addresses can be reached: {'; '.join(heat.failures) or 'timeout'}"
        )
    return heat.winner


class _Heat:
    """One race: every task either wins and stops the others, or fails alone."""

    def __init__(self) -> None:
        self.winner: tuple[Address, socket.socket] | None = None
        self.failures: list[str] = []
        self._tasks: list[asyncio.Task[None]] = []

    def enter(self, group: asyncio.TaskGroup, address: Address) -> None:
        self._tasks.append(group.create_task(self._resolve(group, address)))

    async def _resolve(self, group: asyncio.TaskGroup, address: Address) -> None:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(address[0], address[1], type=socket.SOCK_STREAM)
        except OSError as error:
            self.failures.append(f"{address[0]}: {error}")
            return
        for family, kind, protocol, _, target in found:
            self._tasks.append(group.create_task(self._run(address, (family, kind, protocol), target)))

    async def _run(self, address: Address, how: tuple[int, int, int], target: object) -> None:
        runner = socket.socket(*how)
        runner.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(runner, target)  # type: ignore[arg-type]  # from getaddrinfo
        except OSError as error:
            runner.close()
            self.failures.append(f"{address[0]}: {error}")
            return
        except BaseException:
            runner.close()
            raise
        if self.winner is not None:
            runner.close()
            return
        self.winner = (address, runner)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()
