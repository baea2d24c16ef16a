"""Connections kept alive, and judged again for every request that uses them.

X-Road's own pool judges a peer once, when it connects, and relies on the address set to tell clients apart; here
``verify`` runs for each lease. A connection that its peer has closed is noticed before anything is written to it, so
nothing is ever sent twice. Source: message-path dossier s.3.3, s.3.11.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from types import TracebackType

from lienthong.exchange.adapters.http_client import ClientConnection
from lienthong.exchange.adapters.http_errors import ConnectError, TlsError, UnknownHostError
from lienthong.exchange.adapters.http_messages import Peer
from lienthong.exchange.errors import ExchangeError

Address = tuple[str, int]
"""Host (name or IP address) and port."""
Verify = Callable[[Peer], Awaitable[None] | None]
"""Raises when this peer may not get this request."""
_TLS_SHUTDOWN_S = 2.0


class Lease:
    """``async with`` gives the connection and takes it back."""

    __slots__ = ("_acquire", "_address", "_connection", "_pool")

    def __init__(self, pool: Pool, acquire: Callable[[], Awaitable[tuple[Address, ClientConnection]]]) -> None:
        self._pool = pool
        self._acquire = acquire
        self._connection: ClientConnection | None = None

    async def __aenter__(self) -> ClientConnection:
        self._address, self._connection = await self._acquire()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._pool.give_back(self._address, self._connection)


class Pool:
    """Connections to peers of one kind: one TLS context, or none."""

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext | None = None,
        idle_timeout_s: float = 50.0,
        max_idle_per_host: int = 512,
        connect_timeout_s: float = 30.0,
    ) -> None:
        """*idle_timeout_s* must be shorter than the peers'; 0 keeps nothing alive, as X-Road does by default."""
        self._ssl_context = ssl_context
        self._idle_timeout_s = idle_timeout_s
        self._max_idle = max_idle_per_host if idle_timeout_s > 0 else 0
        self._connect_timeout_s = connect_timeout_s
        self._idle: dict[Address, list[tuple[float, ClientConnection]]] = {}
        self._lent: dict[ClientConnection, ssl.SSLContext | None] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def idle_count(self) -> int:
        """Connections waiting to be used again."""
        return sum(len(idle) for idle in self._idle.values())

    def lease(self, address: Address, *, verify: Verify | None = None) -> Lease:
        """``async with pool.lease(address, verify=…) as connection``.

        Raises (on entering) ConnectError, TlsError, UnknownHostError, or what *verify* raises; nothing was sent then.
        """

        async def acquire() -> tuple[Address, ClientConnection]:
            return address, await self.acquire(address, verify)

        return Lease(self, acquire)

    def use_context(self, ssl_context: ssl.SSLContext | None) -> None:
        """New connections get *ssl_context*; those made with the old one end after what they are doing."""
        self._ssl_context = ssl_context
        self._close_idle()

    async def close(self) -> None:
        """Close every idle connection; lent ones close when they come back."""
        self._closed = True
        self._close_idle()

    async def acquire(
        self,
        address: Address,
        verify: Verify | None = None,
        *,
        connected: socket.socket | None = None,
        timeout_s: float | None = None,
    ) -> ClientConnection:
        """A connection that passed *verify* just now; ``give_back`` it. A *connected* socket is used and owned."""
        if self._closed:
            if connected is not None:
                connected.close()
            raise ConnectError("the pool is closed")
        if connected is None and (reused := await self._take_idle(address, verify)) is not None:
            return reused
        connection = await self._connect(address, connected, timeout_s or self._connect_timeout_s)
        try:
            await _check(verify, connection)
        except BaseException:
            connection.close()
            raise
        return self._lend(connection)

    def give_back(self, address: Address, connection: ClientConnection) -> None:
        """Keep a connection for the next lease, or close it."""
        context = self._lent.pop(connection, None)
        idle = self._idle.setdefault(address, [])
        if (
            self._closed
            or context is not self._ssl_context
            or len(idle) >= self._max_idle
            or not connection.is_reusable()
        ):
            connection.close()
            if not idle:
                del self._idle[address]
            return
        loop = asyncio.get_running_loop()
        idle.append((loop.time() + self._idle_timeout_s, connection))
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._idle_timeout_s, self._sweep)

    def _lend(self, connection: ClientConnection) -> ClientConnection:
        self._lent[connection] = self._ssl_context
        return connection

    async def _take_idle(self, address: Address, verify: Verify | None) -> ClientConnection | None:
        idle = self._idle.get(address)
        while idle:
            expires, connection = idle.pop()
            if connection.is_stale() or expires < asyncio.get_running_loop().time():
                connection.close()
                continue
            if await _passes(verify, connection):
                return self._lend(connection)
            connection.close()
        return None

    async def _connect(self, address: Address, connected: socket.socket | None, timeout_s: float) -> ClientConnection:
        host, port = address
        loop = asyncio.get_running_loop()
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        target: dict[str, object] = {"host": host, "port": port} if connected is None else {"sock": connected}
        context = self._ssl_context
        if context is not None:
            # an empty name sends no SNI and checks none: X-Road certificates do not name hosts
            target["server_hostname"] = host if context.check_hostname else ""
            target["ssl_shutdown_timeout"] = _TLS_SHUTDOWN_S
        try:
            async with asyncio.timeout(timeout_s):
                _, connection = await loop.create_connection(  # type: ignore[call-overload]  # host or socket, not both
                    lambda: ClientConnection(authority.encode(), loop), ssl=context, **target
                )
        except ssl.SSLError as error:
            raise TlsError(f"TLS handshake with {authority} failed: {error}") from error
        except socket.gaierror as error:
            raise UnknownHostError(f"{host}: Name or service not known") from error
        except (OSError, TimeoutError) as error:
            raise ConnectError(f"cannot connect to {authority}: {str(error) or type(error).__name__}") from error
        assert isinstance(connection, ClientConnection)
        return connection

    def _sweep(self) -> None:
        self._sweeper = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for address, idle in list(self._idle.items()):
            for entry in [entry for entry in idle if entry[0] <= now or entry[1].is_stale()]:
                idle.remove(entry)
                entry[1].close()
            if not idle:
                del self._idle[address]
        if self._idle:
            soonest = min(idle[0][0] for idle in self._idle.values())
            self._sweeper = loop.call_later(max(soonest - now, 0.05), self._sweep)

    def _close_idle(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for idle in self._idle.values():
            for _, connection in idle:
                connection.close()
        self._idle.clear()


async def _passes(verify: Verify | None, connection: ClientConnection) -> bool:
    """Whether an idle connection will do; if not, a fresh one gets its own verdict."""
    if verify is None:
        return True
    try:
        await _check(verify, connection)
    except ExchangeError:
        return False
    except BaseException:
        connection.close()
        raise
    return not connection.is_stale()  # judging may have taken a while


async def _check(verify: Verify | None, connection: ClientConnection) -> None:
    if verify is not None:
        verdict = verify(connection.peer)
        if verdict is not None:
            await verdict
