"""Whoever falls silent in the middle of a call: its caller is told in time, and nothing is acknowledged that was not."""

import pytest
from tests.chaos.network import PROVIDER, ChaosNetwork

pytestmark = [pytest.mark.sockets, pytest.mark.slow]


def test_a_provider_that_falls_silent(network: ChaosNetwork) -> None:
    network.ensure(consumer={"limits": {"connect_timeout_s": 5, "answer_timeout_s": 2}})
    with network.load("silent-server") as load:
        load.await_more(10)
        with network.stopped(*network.workers(PROVIDER)):
            load.await_failure("server.clientproxy.io_error", within_s=10)
        load.await_more(20)
    network.judge(load)


def test_an_information_system_that_falls_silent(network: ChaosNetwork) -> None:
    network.ensure(provider={"service": {"timeout_s": 2}})
    with network.load("silent-system") as load:
        load.await_more(10)
        with network.stopped(*network.launcher.members("system")):
            load.await_failure("server.serverproxy.io_error", within_s=10)
        load.await_more(20)
    network.judge(load)
