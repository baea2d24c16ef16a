"""One network for all tests of this folder: every test hurts it, and the next finds it whole again."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket
from tests.chaos.network import ChaosNetwork

from lienthong.nation.topology import Network

NETWORKS = range(33, 256)
"""Countries take lower numbers."""


def free_network() -> Network:
    """A network that nothing listens on; tests that run side by side begin to look at different ones."""
    beside = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return next(network for network in map(Network, NETWORKS[beside:]) if all(map(is_free, network.listening())))


def is_free(address: tuple[str, int]) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChaosNetwork]:
    enable_socket()
    folder: Path = tmp_path_factory.mktemp("chaos")
    made = ChaosNetwork(folder.resolve(), free_network())
    try:
        made.found()
        yield made
        made.judge_logs()
        made.judge_journals()
    finally:
        made.close()


@pytest.fixture
def network(founded: ChaosNetwork) -> ChaosNetwork:
    """Both servers are healthy, by plain settings."""
    founded.ensure()
    return founded


@pytest.fixture(scope="module", autouse=True)
def _logs_judged(founded: ChaosNetwork) -> Iterator[None]:
    """After the tests of a module, what both logs say of all their loads."""
    yield
    founded.judge_logs()
