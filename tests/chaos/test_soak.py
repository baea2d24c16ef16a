"""Faults drawn at random for as long as one likes: LIENTHONG_SOAK_S=3600, LIENTHONG_SOAK_SEED=7 draws the same again."""

import os
import random
import time

import pytest
from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork

from lienthong.nation.topology import ServerPlan

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

SECONDS = float(os.environ.get("LIENTHONG_SOAK_S", "0"))
SEED = int(os.environ.get("LIENTHONG_SOAK_SEED", "2020"))


def kill_worker(network: ChaosNetwork, server: ServerPlan, draw: random.Random) -> None:
    network.kill(draw.choice(network.workers(server)))


def kill_control(network: ChaosNetwork, server: ServerPlan, _: random.Random) -> None:
    network.kill(network.control(server))


def kill_server(network: ChaosNetwork, server: ServerPlan, _: random.Random) -> None:
    network.kill_all(server)
    network.start(server)


def restart_server(network: ChaosNetwork, server: ServerPlan, _: random.Random) -> None:
    network.stop(server)
    network.start(server)


def kill_system(network: ChaosNetwork, _: ServerPlan, __: random.Random) -> None:
    network.launcher.kill("system")
    network.start_system()


def kill_authority(network: ChaosNetwork, _: ServerPlan, __: random.Random) -> None:
    network.launcher.kill("authority")


FAULTS = (kill_worker, kill_control, kill_server, restart_server, kill_system, kill_authority)


@pytest.mark.skipif(not SECONDS, reason="a soak test runs by hand: LIENTHONG_SOAK_S=3600")
def test_whatever_happens_nothing_acknowledged_is_lost(network: ChaosNetwork) -> None:
    draw, until, done = random.Random(SEED), time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        with network.load("soak") as load:
            for _ in range(5):
                fault, server = draw.choice(FAULTS), draw.choice((CONSUMER, PROVIDER))
                load.await_more(10)
                fault(network, server, draw)
                network.ensure()
                load.await_more(10)
                done += 1
        network.judge(load)
    print(f"{done} faults, seed {SEED}")
