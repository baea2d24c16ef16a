"""One network for all tests of this folder: every test hurts it, and the next finds it whole again."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket
from tests.chaos.network import ChaosNetwork

from lienthong.nation.topology import Network

FIRST_NETWORK = 33
"""Countries take lower numbers."""


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChaosNetwork]:
    enable_socket()
    folder: Path = tmp_path_factory.mktemp("chaos")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    made = ChaosNetwork(folder.resolve(), Network(FIRST_NETWORK + int(worker.removeprefix("gw"))))
    try:
        made.found()
        yield made
        made.judge_journals()
    finally:
        made.close()


@pytest.fixture
def network(founded: ChaosNetwork) -> ChaosNetwork:
    """Both servers are healthy, by plain settings."""
    founded.ensure()
    return founded
