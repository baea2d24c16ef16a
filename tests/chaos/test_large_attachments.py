"""Attachments of SOAP far larger than memory may be, and many of them: 256 MB here, 5 GB by hand (LIENTHONG_BODY_MB)."""

import hashlib
import http.client
import json
from collections.abc import Iterator

import pytest
from tests.chaos.network import CONSUMER, COUNTRY, PROVIDER, ChaosNetwork
from tests.chaos.processes import await_fact
from tests.chaos.watch import BODY, MB, PIECE, Watch, judge_memory
from tests.fakes.soap_exchange import envelope

from lienthong.exchange.identifiers import ServiceId, parse_client
from lienthong.nation import topology

pytestmark = [pytest.mark.sockets, pytest.mark.slow]

UNLOGGED = {"log": {"body_logging": False}, "service": {"timeout_s": 600}}
MEASURE = ServiceId(parse_client(COUNTRY.provider), "measure")
TYPE = 'multipart/related; type="application/xop+xml"; boundary=MIME_boundary'


def question(message_id: str, *, wanted: int = 0) -> bytes:
    """An envelope that asks for so many bytes."""
    body = f"<m:measure xmlns:m='urn:m'><wanted>{wanted}</wanted></m:measure>"
    client = parse_client(COUNTRY.client)
    return envelope(service=MEASURE, client=client, message_id=message_id, body=body)


def message(message_id: str, attachments: int, size: int, *, wanted: int = 0) -> Iterator[bytes]:
    """A message in MTOM's form with so many attachments of so many bytes, spelt as it must reach the service."""
    yield b"--MIME_boundary\r\ncontent-type:application/xop+xml; charset=UTF-8\r\n\r\n"
    yield question(message_id, wanted=wanted)
    for number in range(attachments):
        yield b"\r\n--MIME_boundary\r\ncontent-type:application/octet-stream\r\nContent-ID: <%d>\r\n\r\n" % number
        for start in range(0, size, MB):
            yield PIECE[: size - start]
    yield b"\r\n--MIME_boundary--\r\n"


def ask(network: ChaosNetwork, body: Iterator[bytes]) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    host = f"{network.network.address(CONSUMER.host)}:{topology.SYSTEMS_PORT}"
    connection = http.client.HTTPConnection(host, timeout=1200)
    connection.request("POST", "/", body, {"Content-Type": TYPE}, encode_chunked=True)
    return connection, connection.getresponse()


@pytest.mark.parametrize(("attachments", "size"), [(1, BODY), (200, BODY // 200)], ids=["one", "two hundred"])
def test_large_attachments_pass_in_little_memory_and_encrypted_on_disk(
    founded: ChaosNetwork, attachments: int, size: int
) -> None:
    founded.ensure(consumer=UNLOGGED, provider=UNLOGGED)
    hashed, total = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal total
        for piece in message(f"large-{attachments}", attachments, size):
            hashed.update(piece)
            total += len(piece)
            yield piece

    with Watch(founded) as watch:
        connection, answer = ask(founded, pieces())
        told = answer.read()
        connection.close()
    assert f"{total} {hashed.hexdigest()}".encode() in told, told[:2000]
    assert watch.seen_on_disk
    assert not watch.readable
    judge_memory(founded, watch)


def test_a_large_attachment_comes_back_in_little_memory(founded: ChaosNetwork) -> None:
    founded.ensure(consumer=UNLOGGED, provider=UNLOGGED)
    with Watch(founded) as watch:
        connection, answer = ask(founded, message("back", 1, 10, wanted=BODY))
        assert answer.headers["Content-Type"] == "multipart/related; boundary=answer"
        size = 0
        while piece := answer.read(MB):
            size += len(piece)
        connection.close()
    assert size > BODY
    judge_memory(founded, watch)


def test_both_servers_keep_evidence_that_is_valid_without_the_attachments(founded: ChaosNetwork) -> None:
    """Their digests stand in the hash chains."""
    founded.ensure()
    connection, answer = ask(founded, message("kept", 3, 1000, wanted=5))
    assert b"measureResponse" in answer.read()
    connection.close()
    for server in (CONSUMER, PROVIDER):
        await_fact(lambda server=server: is_timestamped(founded, server), what="the timestamps")  # type: ignore[misc]
        founded.judge_evidence(server, "kept")


def is_timestamped(network: ChaosNetwork, server: topology.ServerPlan) -> bool:
    listed = network.operate(server, "log", "list", "--message-id", "kept", "--jsonl").splitlines()
    return [json.loads(line)["timestamped"] for line in listed] == [True, True]
