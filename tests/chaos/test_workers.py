"""One, two or four workers: keys, rights, batches, journals and timestamps are right, and one dies alone."""

import http.client
import json
import zipfile
from pathlib import Path

import pytest
from tests.chaos.network import CONSUMER, COUNTRY, PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact

from lienthong.nation import topology
from lienthong.nation.commands import lienthong

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

BOTH = {"access": {"subjects": [COUNTRY.client, COUNTRY.stranger]}}


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_is_one_server(founded: ChaosNetwork, workers: int, tmp_path: Path) -> None:
    network = founded
    several = {"server": {"workers": workers}}
    network.ensure(consumer=several, provider=several)
    with network.load("crew", consumers=3 * workers) as load:
        load.await_more(30 * workers)
        for server in (CONSUMER, PROVIDER):
            network.kill(network.workers(server)[-1])
            load.await_more(10)
    network.judge(load)
    assert {answer_to_stranger(network) for _ in range(4 * workers)} == {"server.serverproxy.access_denied"}
    for server in (CONSUMER, PROVIDER):
        checked = [json.loads(line) for line in network.operate(server, "log", "check", "--jsonl").splitlines()]
        wrote = {told["worker"] for told in checked if told.get("records")}
        assert wrote >= set(range(workers))
        network.operate(server, "timestamp", "--now")
        judge_evidence(network, server.name, load.acknowledged[-1:], tmp_path / server.name)


def test_new_settings_reach_every_worker_and_no_connection_is_dropped(network: ChaosNetwork) -> None:
    address = f"{network.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}"
    connection = http.client.HTTPConnection(address, timeout=30)
    with network.load("reload") as load:
        load.await_more(10)
        assert call_as_stranger(connection) == "server.serverproxy.access_denied"
        kept = connection.sock
        for changes, wanted in ((BOTH, None), ({}, "server.serverproxy.access_denied"), (BOTH, None)):
            network.apply(PROVIDER, changes)
            await_fact(
                lambda wanted=wanted: {answer_to_stranger(network) for _ in range(8)} == {wanted},  # type: ignore[misc]
                what="the right has reached every worker",
            )
            assert call_as_stranger(connection) == wanted
            load.await_more(10)
        network.apply(CONSUMER, {"limits": {"connect_timeout_s": 7}})
        load.await_more(10)
        assert connection.sock is kept
    connection.close()
    assert not load.failures
    network.judge(load)


def answer_to_stranger(network: ChaosNetwork) -> str | None:
    """The fault code that a fresh connection gets; None where the call went well."""
    connection = http.client.HTTPConnection(
        f"{network.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}", timeout=30
    )
    try:
        return call_as_stranger(connection)
    finally:
        connection.close()


def call_as_stranger(connection: http.client.HTTPConnection) -> str | None:
    connection.request("GET", f"/r1/{COUNTRY.provider}/echo/here", headers={"X-Road-Client": COUNTRY.stranger})
    answer = connection.getresponse()
    answer.read()
    return answer.headers["X-Road-Error"]


def judge_evidence(network: ChaosNetwork, server: str, message_ids: list[str], folder: Path) -> None:
    """The containers of these messages are valid by the commands a stranger would use, timestamps included."""
    connection = http.client.HTTPConnection(f"{network.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}")
    connection.request("GET", "/verificationconf")
    folder.mkdir()
    (folder / "conf.zip").write_bytes(connection.getresponse().read())
    connection.close()
    with zipfile.ZipFile(folder / "conf.zip") as archive:
        archive.extractall(folder)
    for message_id in message_ids:
        data = str(network.folder / server)
        lienthong("security", "log", "dump", message_id, "--data", data, "--out", "dumped", folder=folder)
    containers = sorted((folder / "dumped").glob("*.asice"))
    assert len(containers) == 2 * len(message_ids)
    for container in containers:
        told = json.loads(
            lienthong("evidence", "verify", str(container), "--conf", "verificationconf", "--json", folder=folder)
        )
        assert told["valid"]
        assert told["timestamp"] is not None
