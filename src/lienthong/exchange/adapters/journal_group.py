"""Group commit: whoever waits together is made durable together, by one thread, with one wake-up."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, Protocol, TypeVar

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.messagelog.entries import Position


class Waiting(Protocol):
    """Something that waits to be durable."""

    @property
    def future(self) -> asyncio.Future[Position]:
        """Resolved once it is."""
        ...

    @property
    def queued_bytes(self) -> int:
        """Memory it holds meanwhile."""
        ...


T = TypeVar("T", bound=Waiting)


class GroupCommit(Generic[T]):
    """A bounded queue from one event loop to one writing thread."""

    def __init__(self, write: Callable[[list[T]], list[Position]], *, name: str, queue_bytes: int) -> None:
        """*write* makes a group durable or raises JournalError; it runs in the thread."""
        self._write = write
        self._name = name
        self._queue_bytes = queue_bytes
        self._pending: list[T] = []
        self._queued = 0
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._idle = False
        self._closing = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._room = asyncio.Event()

    def start(self) -> None:
        """Take work from the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def future(self) -> asyncio.Future[Position]:
        """A future for a new item; raises JournalError unless started and not closing."""
        if self._loop is None or self._closing:
            raise JournalError(f"{self._name} is not open")
        return self._loop.create_future()

    async def submit(self, item: T) -> Position:
        """Queue an item, waiting for room, and return once it is durable; raises JournalError."""
        while self._queued and self._queued + item.queued_bytes > self._queue_bytes:
            self._room.clear()
            await self._room.wait()
        if self._closing:
            raise JournalError(f"{self._name} is closing")
        self._queued += item.queued_bytes
        self._pending.append(item)
        if self._idle:
            self._ring()
        return await item.future

    async def close(self) -> None:
        """Write what is queued, then end the thread."""
        self._closing = True
        self._ring()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)
            self._thread = None
        self._room.set()

    def _ring(self) -> None:
        self._idle = False
        self._bell.put(None)

    def _run(self) -> None:
        while group := self._take():
            outcome: list[Position] | JournalError
            try:
                outcome = self._write(group)
            except JournalError as exc:
                outcome = exc
            except Exception as exc:  # noqa: BLE001 - supervises the thread: a waiter must never be left waiting
                outcome = JournalError(f"{self._name} failed ({type(exc).__name__})")
            if self._loop is not None:
                with contextlib.suppress(RuntimeError):  # the loop was closed under us: nobody waits any more
                    self._loop.call_soon_threadsafe(self._wake, group, outcome)

    def _take(self) -> list[T]:
        """Everything queued; empty when closing.

        No lock is taken per message: list and flag are switched by single bytecodes, and *idle* is set before the last
        look at the list, so that an item either is seen here or rings.
        """
        while not self._pending:
            if self._closing:
                return []
            self._idle = True
            if self._pending or self._closing:
                self._idle = False
                continue
            self._bell.get()
        group = self._pending[:]
        del self._pending[: len(group)]
        return group

    def _wake(self, group: list[T], outcome: list[Position] | JournalError) -> None:
        for number, item in enumerate(group):
            self._queued -= item.queued_bytes
            if item.future.done():
                continue  # cancelled while it waited; the record stays logged
            if isinstance(outcome, JournalError):
                item.future.set_exception(JournalError(*outcome.args))
            else:
                item.future.set_result(outcome[number])
        self._room.set()
