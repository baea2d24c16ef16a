"""One event loop for all servers that a session of tests keeps open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import uvloop
from pytest_socket import enable_socket

DEADLINE_S = 20.0
Run = Callable[[Coroutine[Any, Any, Any]], Any]


@contextmanager
def running() -> Iterator[Run]:
    """Runs coroutines on one loop, each with a deadline."""
    enable_socket()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        def with_deadline(work: Coroutine[Any, Any, Any]) -> Any:
            async def bounded() -> Any:
                async with asyncio.timeout(DEADLINE_S):
                    return await work

            return runner.run(bounded())

        yield with_deadline
