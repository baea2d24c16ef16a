"""One event loop for all servers of these tests; and the table of results, when asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvloop
from pytest_socket import enable_socket
from tests.live.results import Results
from tests.live.stage import Run, Theatre
from tests.shared import shared

DEADLINE_S = 20.0


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance", metavar="FILE", default=None, help="write the counts of the live replay as JSON")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--conformance", default=None)
    if path is not None:
        config.pluginmanager.register(Results(Path(path)), "conformance")


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """Runs a coroutine on the loop that all servers of these tests live on."""
    enable_socket()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:

        def with_deadline(work: Coroutine[Any, Any, Any]) -> Any:
            async def bounded() -> Any:
                async with asyncio.timeout(DEADLINE_S):
                    return await work

            return runner.run(bounded())

        yield with_deadline


@pytest.fixture(scope="session")
def theatre(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    shared("fixtures/xroad/live")
    opened = Theatre(tmp_path_factory.mktemp("live"), run)
    yield opened
    run(opened.close())
