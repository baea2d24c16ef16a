"""Bodies far larger than memory may be: 256 MB each way here, 5 GB by hand (LIENTHONG_BODY_MB=5120).

The memory of each server is the sum of what its processes hold (PSS), looked at while the body passes.
"""

import hashlib
import http.client
from collections.abc import Iterator

import pytest
from tests.chaos.network import CONSUMER, COUNTRY, PROVIDER, ChaosNetwork
from tests.chaos.watch import BODY, MB, PIECE, Watch, judge_memory

from lienthong.nation import topology

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

UNLOGGED = {"log": {"body_logging": False}, "service": {"timeout_s": 600}}


@pytest.fixture
def network(founded: ChaosNetwork) -> ChaosNetwork:
    founded.ensure(consumer=UNLOGGED, provider=UNLOGGED)
    return founded


def test_a_large_question_passes_in_little_memory_and_encrypted_on_disk(network: ChaosNetwork) -> None:
    hashed = hashlib.sha256()

    def pieces() -> Iterator[bytes]:
        for _ in range(BODY // MB):
            hashed.update(PIECE)
            yield PIECE

    with Watch(network) as watch:
        status, told = ask(network, "POST", "/digest", pieces())
    assert status == 200
    assert told == f"{BODY} {hashed.hexdigest()}".encode()
    assert watch.seen_on_disk
    assert not watch.readable
    judge_memory(network, watch)


def test_a_large_answer_passes_in_little_memory(network: ChaosNetwork) -> None:
    with Watch(network) as watch:
        connection, answer = begin(network, "GET", f"/bytes?size={BODY}", None)
        size, place = 0, bytes(range(256)) * (MB // 256)
        while piece := answer.read(MB):
            start = size % 256
            assert piece == (place + place)[start : start + len(piece)]
            size += len(piece)
        connection.close()
    assert size == BODY
    judge_memory(network, watch)


@pytest.mark.parametrize("more", [0, 1], ids=["at the limit", "one byte more"])
@pytest.mark.parametrize("limited", [CONSUMER, PROVIDER], ids=["consumer", "provider"])
def test_a_body_over_the_limit_of_the_log_is_refused(
    founded: ChaosNetwork, limited: topology.ServerPlan, more: int
) -> None:
    logged = {"limits": {"loggable_body_bytes": 2 * MB}}
    founded.ensure(**{"consumer" if limited is CONSUMER else "provider": logged})
    status, told = ask(founded, "POST", "/digest", bytes(2 * MB + more))
    if not more:
        assert (status, told.split()[0]) == (200, b"%d" % (2 * MB))
        return
    side = "clientproxy" if limited is CONSUMER else "serverproxy"
    assert status == 500
    assert f"server.{side}.logging_failed".encode() in told
    founded.judge_leftovers()


def test_a_long_body_is_logged_cut_short_where_the_settings_allow_it(founded: ChaosNetwork) -> None:
    cut = {"limits": {"loggable_body_bytes": 2 * MB, "truncated_body_allowed": True}}
    founded.ensure(consumer=cut, provider=cut)
    status, told = ask(founded, "POST", "/digest", bytes(5 * MB))
    assert (status, told.split()[0]) == (200, b"%d" % (5 * MB))
    for server in (CONSUMER, PROVIDER):
        founded.operate(server, "log", "check")
    founded.judge_leftovers()


def begin(
    network: ChaosNetwork, method: str, path: str, body: bytes | Iterator[bytes] | None
) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    host = f"{network.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}"
    connection = http.client.HTTPConnection(host, timeout=1200)
    headers = {"X-Road-Client": COUNTRY.client}
    connection.request(
        method, f"/r1/{COUNTRY.provider}/echo{path}", body, headers, encode_chunked=not isinstance(body, bytes | None)
    )
    return connection, connection.getresponse()


def ask(network: ChaosNetwork, method: str, path: str, body: bytes | Iterator[bytes] | None) -> tuple[int, bytes]:
    connection, answer = begin(network, method, path, body)
    try:
        return answer.status, answer.read()
    finally:
        connection.close()
