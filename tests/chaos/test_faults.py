"""Each process is killed, stopped and started again under load; nothing acknowledged is lost, nothing shown twice."""

import json

import pytest
from tests.chaos.network import CONSUMER, PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact, is_alive

from lienthong.nation.topology import ServerPlan

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

SIDES = pytest.mark.parametrize("server", [CONSUMER, PROVIDER], ids=["consumer", "provider"])
SOME = 15
"""Calls that show that messages pass."""


@SIDES
def test_workers_are_killed_one_after_the_other(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("worker") as load:
        load.await_more(SOME)
        for victim in network.workers(server):
            network.kill(victim)
            load.await_more(SOME)
    network.judge(load)


@SIDES
def test_the_control_process_is_killed_and_no_message_notices(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("control") as load:
        load.await_more(SOME)
        network.kill(network.control(server))
        load.await_more(SOME)
        network.await_whole(server)
    assert not load.failures
    network.judge(load)


@SIDES
def test_the_master_is_killed_and_its_children_end_with_it(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("master") as load:
        load.await_more(SOME)
        family = network.family(server)
        network.kill(network.master(server))
        await_fact(lambda: not any(is_alive(pid) for pid in family), what="no orphan lives on")
        network.start(server)
        load.await_more(SOME)
    network.judge(load)


@SIDES
def test_a_whole_server_is_killed_and_started_again(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("power") as load:
        load.await_more(SOME)
        network.kill_all(server)
        network.start(server)
        load.await_more(SOME)
    network.judge(load)


@SIDES
def test_a_server_is_stopped_in_good_order_and_started_again(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("order") as load:
        load.await_more(SOME)
        network.stop(server)
        network.start(server)
        load.await_more(SOME)
    network.judge(load)


@SIDES
def test_a_whole_server_freezes_and_thaws(network: ChaosNetwork, server: ServerPlan) -> None:
    with network.load("frozen") as load:
        load.await_more(SOME)
        with network.stopped(*network.family(server)):
            frozen = len(load.acknowledged)
        load.await_more(SOME)
        assert len(load.acknowledged) >= frozen + SOME
    assert not load.failures
    network.judge(load)


def test_a_worker_freezes_and_the_others_take_new_consumers(network: ChaosNetwork) -> None:
    with network.load("ice") as load:
        load.await_more(SOME)
        with network.stopped(network.workers(CONSUMER)[0]), network.load("thaw", consumers=2) as fresh:
            fresh.await_more(SOME)
        load.await_more(SOME)
    assert not load.failures + fresh.failures
    network.judge(load)
    network.judge(fresh)


def test_the_information_system_is_killed_and_comes_back(network: ChaosNetwork) -> None:
    with network.load("system") as load:
        load.await_more(SOME)
        network.launcher.kill("system")
        load.await_failure("server.serverproxy.network_error")
        network.start_system()
        load.await_more(SOME)
    network.judge(load)


def test_the_central_server_is_away_and_messages_go_on(network: ChaosNetwork) -> None:
    with network.load("central") as load:
        load.await_more(SOME)
        network.launcher.kill("central")
        cycle_fails(network, CONSUMER, "configuration")
        load.await_more(SOME)
        network.ensure()
    assert not load.failures
    network.judge(load)


def test_ocsp_and_timestamps_stop_and_are_caught_up_with(network: ChaosNetwork) -> None:
    with network.load("trust") as load:
        load.await_more(SOME)
        network.launcher.kill("authority")
        for cycle in ("timestamp", "ocsp"):
            cycle_fails(network, CONSUMER, cycle)
        load.await_more(SOME)
        network.ensure()
    assert not load.failures
    network.judge(load)
    for server in (CONSUMER, PROVIDER):
        network.operate(server, "timestamp", "--now")
        since = ("--from", load.since.isoformat())
        listed = network.operate(server, "log", "list", "--jsonl", "--limit", "10000", *since).splitlines()
        assert all(json.loads(line)["timestamped"] for line in listed)


def test_messages_are_refused_once_nothing_was_timestamped_for_too_long(founded: ChaosNetwork) -> None:
    network = founded
    soon = {"log": {"acceptable_timestamp_failure_period_s": 1}}
    network.ensure(provider=soon)
    with network.load("gate") as load:
        load.await_more(SOME)
        network.launcher.kill("authority")
        load.await_failure("server.serverproxy.mlog.timestamping_failed")
        refused = len(load.acknowledged)
        network.kill(network.control(PROVIDER))
        cycle_fails(network, PROVIDER, "timestamp")
        load.await_failures(SOME)
        assert len(load.acknowledged) <= refused + load.consumers, "a new control process forgets how long it was"
        network.ensure(provider=soon)
        load.await_more(SOME)
    network.judge(load)


def cycle_fails(network: ChaosNetwork, server: ServerPlan, cycle: str) -> None:
    """Wait until the server itself knows that a cycle fails."""
    await_fact(lambda: cycle in network.failing_cycles(server), what=f"{cycle} fails at {server.name}")
