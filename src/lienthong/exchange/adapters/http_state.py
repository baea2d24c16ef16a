"""What the connections of one server share: the handler, the limits, the places taken."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Protocol

from lienthong.exchange.adapters.http_messages import Handler, HttpLimits, HttpRequest, OnError


class Connection(Protocol):
    """As much of a connection as the server needs."""

    busy: bool
    """Whether a request is being answered."""
    deadline: float
    """Loop time at which ``expire`` is due."""
    task: asyncio.Task[None] | None

    @property
    def write_deadline(self) -> float:
        """Loop time at which a peer that takes nothing is given up."""

    def expire(self) -> None:
        """A deadline has passed."""

    def abort(self) -> None:
        """Drop the peer now."""


class ServerState:
    """Shared by the connections of one server."""

    __slots__ = ("_on_error", "_per_peer", "connections", "date_line", "draining", "handler", "limits", "loop", "tasks")

    def __init__(
        self, *, handler: Handler, limits: HttpLimits, on_error: OnError | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.handler = handler
        self.limits = limits
        self.loop = loop
        self.tasks: asyncio.TaskGroup | None = None
        self.connections: set[Connection] = set()
        self.draining = False
        self.date_line = b""
        self._on_error = on_error
        self._per_peer: Counter[bytes | str] = Counter()

    def admit(self, connection: Connection, key: bytes | str) -> bool:
        """Take a place for a new connection, if there is one. Source: message-path s.3.8 step 0."""
        per_peer = self.limits.max_connections_per_peer
        if self.tasks is None or len(self.connections) >= self.limits.max_connections:
            return False
        if per_peer is not None and self._per_peer[key] >= per_peer:
            return False
        self.connections.add(connection)
        self._per_peer[key] += 1
        return True

    def forget(self, connection: Connection, key: bytes | str) -> None:
        """Give the place back."""
        if connection in self.connections:
            self.connections.discard(connection)
            self._per_peer[key] -= 1
            if not self._per_peer[key]:
                del self._per_peer[key]

    def start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Run a connection's task in the server's TaskGroup."""
        if self.tasks is None:
            raise RuntimeError("the server is not running")
        return self.tasks.create_task(work)

    def report(self, error: BaseException, request: HttpRequest) -> None:
        """Tell the owner about an exception nobody handled; the peer learns nothing of it."""
        if self._on_error is not None:
            self._on_error(error, request)

    def expire_overdue(self) -> None:
        """Let every connection whose deadline has passed act on it."""
        now = self.loop.time()
        overdue = [c for c in self.connections if c.deadline < now or c.write_deadline < now]
        for connection in overdue:
            connection.expire()
