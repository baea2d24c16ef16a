"""The control process: runs the cycles, tells the workers, obeys the operator. It carries no messages.

Each cycle can be triggered at any time; a failure is tried again sooner than the next regular turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.security.channel import (
    Channel,
    Failure,
    Hello,
    Order,
    Outcome,
    Ready,
    Reload,
    Report,
    TimestampNotice,
)
from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.ports import Clock

KEPT_FAILURES = 100
_log = structlog.get_logger()


@dataclass(slots=True)
class Cycle:
    """Something done again and again."""

    name: str
    run: Callable[[], Awaitable[str]]
    """Does it once; what it found, for people; raises ExchangeError, or OSError where the disk refuses."""
    interval: Callable[[], timedelta]
    """Until the next turn after a good one."""
    retry: Callable[[], timedelta]
    """Until the next turn after a bad one."""
    problem: str = ""
    """Why the last turn failed; empty after a good one."""
    last_good: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def turn(self, clock: Clock) -> Outcome:
        """Do it now, once at a time."""
        async with self._lock:
            try:
                text = await self.run()
            except (ExchangeError, OSError) as exc:
                self.problem = str(exc)
                _log.warning("cycle_failed", cycle=self.name, problem=self.problem)
                return Outcome(done=False, text=self.problem)
            self.problem, self.last_good = "", clock()
            return Outcome(done=True, text=text)

    async def repeat(self, clock: Clock) -> None:
        """For ever."""
        while True:
            outcome = await self.turn(clock)
            wait = self.interval() if outcome.done else self.retry()
            try:
                async with asyncio.timeout(wait.total_seconds()):
                    await self._bell.wait()
            except TimeoutError:
                continue
            self._bell.clear()

    def ring(self) -> None:
        """Let the next turn come now."""
        self._bell.set()


@dataclass(slots=True)
class Control:
    """What the control process knows of itself and the workers."""

    clock: Clock
    cycles: dict[str, Cycle]
    status: Callable[[], dict[str, str]]
    """Facts for ``security status``."""
    timestamps: TimestampState = field(default_factory=TimestampState)
    workers: dict[int, Channel] = field(default_factory=dict)
    ready: set[int] = field(default_factory=set)
    """Workers whose doors are open."""
    counters: dict[int, dict[str, int]] = field(default_factory=dict)
    failures: deque[Failure] = field(default_factory=lambda: deque(maxlen=KEPT_FAILURES))

    def tell_reload(self) -> None:
        """Workers read the data folder again."""
        for channel in self.workers.values():
            channel.send(Reload())

    def tell_timestamps(self, state: TimestampState) -> None:
        """Workers learn how timestamping stands."""
        self.timestamps = state
        for channel in self.workers.values():
            channel.send(self._notice())

    async def serve(self, channel: Channel) -> None:
        """One connection: a worker's, for as long as it lives, or a command's."""
        worker: int | None = None
        async for message in channel.messages():
            match message:
                case Hello():
                    worker = message.worker
                    self.workers[worker] = channel
                    self.ready.discard(worker)
                    if self.timestamps != TimestampState():  # else the worker knows more than this young process
                        channel.send(self._notice())
                    channel.send(Reload())  # what changed before it came, it has not heard of
                case Ready():
                    self.ready.add(message.worker)
                case Report():
                    self.counters[message.worker] = message.counters
                case Failure():
                    self.failures.appendleft(message)
                    _log_failure(message)
                case Order():
                    channel.send(await self._obey(message))
                case _:
                    continue
        if worker is not None and self.workers.get(worker) is channel:
            del self.workers[worker]
            self.ready.discard(worker)

    def total(self) -> dict[str, int]:
        """Counters of all workers together."""
        names = {name for counters in self.counters.values() for name in counters}
        return {name: sum(each.get(name, 0) for each in self.counters.values()) for name in sorted(names)}

    async def _obey(self, order: Order) -> Outcome:
        if order.what == "status":
            return Outcome(done=True, text="running", facts=self.status())
        if order.what == "reload":
            self.tell_reload()
            return Outcome(done=True, text=f"{len(self.workers)} workers told to read their settings again")
        cycle = self.cycles.get(order.what)
        if cycle is None:
            return Outcome(done=False, text=f"unknown order {order.what!r}; known: {', '.join(self.cycles)}")
        return await cycle.turn(self.clock)

    def _notice(self) -> TimestampNotice:
        state = self.timestamps
        return TimestampNotice(
            last_success=state.last_success, failing_since=state.failing_since, has_tsa=state.has_tsa
        )


def _log_failure(failure: Failure) -> None:
    _log.info(
        "message_refused",
        side=failure.side,
        fault_code=failure.fault_code,
        client=failure.client,
        service=failure.service,
        detail=failure.detail,
    )
