"""One event loop for all servers of these tests; and the table of results, when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.loop import Run, running
from tests.live.results import Results
from tests.live.stage import Theatre
from tests.shared import shared


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--conformance", metavar="FILE", default=None, help="write the counts of the live replay as JSON")


def pytest_configure(config: pytest.Config) -> None:
    path = config.getoption("--conformance", default=None)
    if path is not None:
        config.pluginmanager.register(Results(Path(path)), "conformance")


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    """Runs a coroutine on the loop that all servers of these tests live on."""
    with running() as run_one:
        yield run_one


@pytest.fixture(scope="session")
def theatre(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    shared("fixtures/xroad/live")
    opened = Theatre(tmp_path_factory.mktemp("live"), run)
    yield opened
    run(opened.close())
