"""The disk of a server is full, really: it refuses, keeps what it acknowledged, and goes on once there is room."""

import pytest
from tests.chaos.disks import filled
from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork

from lienthong.nation.topology import ServerPlan

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

SMALL = {"log": {"segment_bytes": 1024 * 1024, "body_logging": False}}
"""Small segments, so that the next one is soon needed; bodies are spooled and not kept."""


@pytest.mark.parametrize("server", [CONSUMER, PROVIDER], ids=["consumer", "provider"])
def test_a_full_disk_refuses_until_there_is_room(network: ChaosNetwork, server: ServerPlan) -> None:
    side = "clientproxy" if server is CONSUMER else "serverproxy"
    network.stop(server)
    with network.small_disk(server, room_mb=64) as data:
        network.apply(server, SMALL)
        network.start(server)
        network.await_whole(server)
        with network.load("room", size_bytes=1_000_000, consumers=2) as large:
            large.await_more(3)
            with filled(data):
                large.await_failure(f"server.{side}.io_error")
            large.await_more(3)
        network.judge(large)
        with network.load("full") as load:
            load.await_more(10)
            with filled(data):
                load.await_failure(f"server.{side}.logging_failed")
                network.kill(network.workers(server)[0])
                load.await_failures(10)
            load.await_more(20)
        network.judge(load)
