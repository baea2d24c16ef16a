"""The network between the servers trickles, or breaks in the middle of a message, either way."""

from collections.abc import Iterator

import pytest
from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork
from tests.chaos.relay import Relay, Weather

from lienthong.nation import topology

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

RELAYED_PORT = 5501
BODY = 200_000
"""Longer than is held in memory, so that it is spooled and cut in its middle."""


@pytest.fixture(scope="module")
def relay(founded: ChaosNetwork) -> Iterator[Relay]:
    """The consumer's server dials a port that leads to the provider's."""
    address = founded.network.address(PROVIDER.host)
    with Relay((address, RELAYED_PORT), (address, topology.MESSAGES_PORT)) as made:
        yield made


@pytest.fixture
def network(founded: ChaosNetwork, relay: Relay) -> ChaosNetwork:
    founded.ensure(consumer={"ports": {"dial_port": RELAYED_PORT}})
    relay.weather = Weather()
    relay.reset_all()
    return founded


def test_a_slow_network_delays_and_loses_nothing(network: ChaosNetwork, relay: Relay) -> None:
    relay.weather = Weather(bytes_per_s=50_000)
    with network.load("slow") as load:
        load.await_more(15)
    assert not load.failures
    network.judge(load)


@pytest.mark.parametrize(
    "weather", [Weather(cut_up_after=100_000), Weather(cut_down_after=100_000)], ids=["up", "down"]
)
def test_a_message_is_cut_in_its_middle(network: ChaosNetwork, relay: Relay, weather: Weather) -> None:
    with network.load("cut", size_bytes=BODY) as load:
        load.await_more(5)
        relay.weather = weather
        relay.reset_all()
        load.await_failures(5)
        relay.weather = Weather()
        load.await_more(10)
    assert {code.rpartition(".")[2] for code in load.failures} <= {"network_error", "io_error"}
    network.judge(load)


def test_a_provider_out_of_reach_is_told_so(network: ChaosNetwork) -> None:
    network.ensure(consumer={"ports": {"dial_port": RELAYED_PORT + 1}})
    with network.load("far") as load:
        load.await_failure("server.clientproxy.network_error")
        assert not load.acknowledged
        network.apply(CONSUMER)
        load.await_more(5)
    network.judge(load)
