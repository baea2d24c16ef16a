"""HTTP/1.1 server of the message path: httptools, uvloop or asyncio, TLS with client certificates.

Chosen by measurement: two to three times the throughput of the next framework, and the only one that shows the peer's
certificates (docs/adr/0006). Source: message-path dossier s.2.1, s.3.4, s.3.8 step 0; RFC 9112.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from email.utils import formatdate

from lienthong.exchange.adapters.http_connection import ServerConnection
from lienthong.exchange.adapters.http_messages import (
    Handler,
    HttpLimits,
    HttpRequest,
    HttpResponse,
    OnError,
    Peer,
)
from lienthong.exchange.adapters.http_state import ServerState

__all__ = ["Handler", "HttpLimits", "HttpRequest", "HttpResponse", "HttpServer", "OnError", "Peer", "listen", "serve"]

_DEFAULT_LIMITS = HttpLimits()
_BACKLOG = 1024
_TLS_SHUTDOWN_S = 2.0
_LAST_ACCEPT_S = 0.05


def listen(host: str, port: int, *, reuse_port: bool = False) -> socket.socket:
    """A listening socket; with *reuse_port* several processes share the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        opened.bind((host, port))
        opened.listen(_BACKLOG)
        opened.setblocking(False)
    except BaseException:
        opened.close()
        raise
    return opened


class HttpServer:
    """A running server; leaving ``async with`` closes it. Made by :func:`serve`."""

    def __init__(self, state: ServerState, sockets: Sequence[socket.socket], *, add_date: bool) -> None:
        self._state = state
        self._sockets = list(sockets)
        self._add_date = add_date
        self._listeners: list[asyncio.AbstractServer] = []
        self._stopping = asyncio.Event()
        self._grace_s = 0.0
        self._supervisor: asyncio.Task[None] | None = None

    async def __aenter__(self) -> HttpServer:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def addresses(self) -> list[tuple[str, int]]:
        """Host and port of every socket it listens on."""
        return [name[:2] for name in (opened.getsockname() for opened in self._sockets)]

    @property
    def connection_count(self) -> int:
        """Connections open now."""
        return len(self._state.connections)

    async def start(self, ssl_context: ssl.SSLContext | None) -> None:
        """Open for business; the supervisor lives until ``close``."""
        started = asyncio.Event()
        self._supervisor = self._state.loop.create_task(self._supervise(started))
        await started.wait()
        await self._open_listeners(ssl_context)

    async def use_context(self, ssl_context: ssl.SSLContext | None) -> None:
        """New connections get *ssl_context*; open ones go on as they are, and no connection attempt is lost."""
        before = self._listeners
        await self._open_listeners(ssl_context)
        for listener in before:
            listener.close()

    async def close(self, grace_s: float = 10.0) -> None:
        """Stop accepting, let requests in progress finish, abort what is left after *grace_s* seconds.

        A request that arrives on an open connection meanwhile is still answered, with ``connection: close``.
        """
        if self._supervisor is None:
            return
        self._grace_s = grace_s
        self._state.draining = True
        await asyncio.sleep(min(_LAST_ACCEPT_S, grace_s))  # the kernel may hold connections we have not accepted yet
        for listener in self._listeners:
            listener.close()
        for opened in self._sockets:
            opened.close()
        self._stopping.set()
        supervisor, self._supervisor = self._supervisor, None
        await supervisor

    async def _open_listeners(self, ssl_context: ssl.SSLContext | None) -> None:
        """Listen on duplicates, so that the kernel's queue of waiting connections outlives a listener."""
        options: dict[str, float] = {}
        if ssl_context is not None:
            options = {
                "ssl_handshake_timeout": self._state.limits.handshake_timeout_s,
                "ssl_shutdown_timeout": _TLS_SHUTDOWN_S,
            }
        self._listeners = [
            await self._state.loop.create_server(  # type: ignore[call-overload]  # options are keyword timeouts
                lambda: ServerConnection(self._state), sock=opened.dup(), ssl=ssl_context, backlog=_BACKLOG, **options
            )
            for opened in self._sockets
        ]

    async def _supervise(self, started: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            self._state.tasks = group
            ticker = group.create_task(self._tick())
            started.set()
            await self._stopping.wait()
            await self._drain()
            self._state.tasks = None
            ticker.cancel()
            for connection in list(self._state.connections):
                connection.abort()
                if connection.task is not None:
                    connection.task.cancel()

    async def _tick(self) -> None:
        limits = self._state.limits
        shortest = min(limits.head_timeout_s, limits.idle_timeout_s, limits.body_silence_s, limits.write_stall_s)
        period = min(1.0, shortest / 4)
        while True:
            if self._add_date:
                self._state.date_line = b"date: %b\r\n" % formatdate(usegmt=True).encode()
            await asyncio.sleep(period)
            self._state.expire_overdue()

    async def _drain(self) -> None:
        state = self._state
        end = state.loop.time() + self._grace_s
        last_call = min(end, state.loop.time() + state.limits.drain_idle_s)
        while state.connections and state.loop.time() < end:
            for connection in state.connections:
                if not connection.busy:
                    connection.deadline = min(connection.deadline, last_call)
            state.expire_overdue()
            await asyncio.sleep(0.02)


async def serve(
    handler: Handler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    sockets: Sequence[socket.socket] = (),
    ssl_context: ssl.SSLContext | None = None,
    limits: HttpLimits = _DEFAULT_LIMITS,
    on_error: OnError | None = None,
    add_date: bool = False,
) -> HttpServer:
    """Listen and answer with *handler* until closed.

    Args:
        handler: one call for each request; what it raises becomes a bare 500 and goes to *on_error*.
        sockets: listening ones, instead of *host* and *port*; the server owns them from here on.
        add_date: send a ``date`` header, unless the handler gives one. Source: RFC 9110 s.6.6.1.
    """
    state = ServerState(handler=handler, limits=limits, on_error=on_error, loop=asyncio.get_running_loop())
    server = HttpServer(state, sockets or [listen(host, port)], add_date=add_date)
    await server.start(ssl_context)
    return server
