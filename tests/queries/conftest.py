"""The two servers of the stored messages, opened once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.fakes.loop import Run, running
from tests.queries.network import Network
from tests.shared import shared


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with running() as run_one:
        yield run_one


@pytest.fixture(scope="session")
def network(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    shared("fixtures/xroad/queries")
    opened = Network(tmp_path_factory.mktemp("queries"), run)
    yield opened
    run(opened.close())
