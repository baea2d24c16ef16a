"""What other security servers send amiss: the rows of the dossier s.9.5 "Provider SS" and "Client SS misbehaviour".

The misbehaving one is a raw socket with the right certificate; what it sends is a genuine message of ours with one
thing changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.fakes.loop import Run
from tests.live.comparison import Http
from tests.queries.messages import answer_to, stored
from tests.queries.network import ORDINARY, Network, Place

pytestmark = pytest.mark.sockets
PEER = Place(dials="peer")
OF_CONSUMER, OF_PROVIDER = "server.clientproxy", "server.serverproxy"
FAILED = f"{OF_CONSUMER}.service_failed"
_SIGNATURE = re.compile(rb"\r\n--(\w+)\r\ncontent-type: signature/bdoc-1.0/ts\r\n.*?(?=\r\n--\1--)", re.DOTALL)
_SOAP = re.compile(rb"(\r\ncontent-type: text/xml[^\r]*\r\n\r\n).*?(?=\r\n--)", re.DOTALL)

Change = Callable[[bytes], bytes]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One message between servers with one thing changed."""

    words: str
    code: str
    change: Change


def _with(head: str, body: bytes = b"") -> bytes:
    return f"{head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


def _as_xml(name: str) -> Change:
    return lambda _: _with("HTTP/1.1 200 OK\r\nContent-Type: text/xml", stored(name).body)


def plain(raw: bytes) -> bytes:
    """The message without chunking, so that its bytes can be changed."""
    taken = Http.of(raw)
    kept = [
        name + b": " + value
        for name, value in taken.headers
        if name.lower() not in {b"transfer-encoding", b"content-length"}
    ]
    return b"\r\n".join([taken.first, *kept, b"Content-Length: %d" % len(taken.body), b"", taken.body])


def _of_body(change: Callable[[bytes], bytes]) -> Change:
    """Change the body and the length with it."""

    def changed(raw: bytes) -> bytes:
        head, _, body = plain(raw).partition(b"\r\n\r\n")
        body = change(body)
        return re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head) + b"\r\n\r\n" + body

    return changed


def _of_type(content_type: bytes) -> Change:
    return lambda raw: re.sub(rb"(?i)(\r\ncontent-type): [^\r]*", rb"\1: " + content_type, plain(raw), count=1)


def _unsigned(body: bytes) -> bytes:
    changed = _SIGNATURE.sub(b"", body)
    assert changed != body
    return changed


def _soapless(body: bytes) -> bytes:
    changed = _SOAP.sub(rb"\1", body)
    assert changed != body
    return changed


def _cut_off(raw: bytes) -> bytes:
    return plain(raw).partition(b"</xroad:getStateResponse>")[0]


BAD_ATTACHMENT = _of_body(lambda body: _SIGNATURE.sub(rb"\r\n--\1\r\ncontent-type: blah\r\n\r\nblaah\g<0>", body))
FROM_PROVIDERS = (
    Row(words="wrong content type", code=f"{FAILED}.invalid_content_type", change=_of_type(b"blah")),
    Row(words="no boundary", code=f"{FAILED}.invalid_content_type", change=_of_type(b"multipart/mixed")),
    Row(words="bad attachment", code=f"{FAILED}.invalid_content_type", change=BAD_ATTACHMENT),
    Row(words="empty text/xml", code=f"{FAILED}.invalid_soap", change=_as_xml("empty.query")),
    Row(words="ordinary SOAP as text/xml", code=f"{FAILED}.invalid_message", change=_as_xml("getstate.query")),
    Row(words="missing-body", code=f"{FAILED}.missing_body", change=_as_xml("missing-body.query")),
    Row(words="connection dropped mid-response", code=f"{FAILED}.io_error", change=_cut_off),
    Row(words="HTTP error", code=f"{OF_CONSUMER}.http_error", change=lambda _: _with("HTTP/1.1 502 Bad Gateway")),
    Row(words="no signature", code=f"{OF_CONSUMER}.missing_signature", change=_of_body(_unsigned)),
)


@pytest.mark.parametrize("row", FROM_PROVIDERS, ids=lambda row: row.words.replace(" ", "-"))
def test_a_provider_that_answers_amiss_is_not_believed(row: Row, network: Network, run: Run) -> None:
    genuine = _genuine_answer(network, run, "getstate.query")
    told = _asked_of_peer(network, run, "getstate.query", row.change(genuine))
    assert Http.of(told).fault_code == row.code


def test_a_genuine_answer_passes(network: Network, run: Run) -> None:
    """Else the rows above would prove nothing."""
    genuine = _genuine_answer(network, run, "getstate.query")
    told = _asked_of_peer(network, run, "getstate.query", plain(genuine))
    assert Http.of(told).fault_code is None


def test_an_answer_to_another_question_is_inconsistent(network: Network, run: Run) -> None:
    """Row "header mismatch (xml.query/getstate)"."""
    genuine = _genuine_answer(network, run, "xml.query")
    told = _asked_of_peer(network, run, "getstate.query", genuine)
    assert Http.of(told).fault_code == f"{FAILED}.inconsistent_response"


ELSEWHERE = {
    "refused": (Place(dials="nobody"), f"{OF_CONSUMER}.network_error"),
    "auth cert not of member": (Place(dials="stranger"), f"{OF_CONSUMER}.ssl_authentication_failed"),
    "provider's only server in maintenance": (Place(in_maintenance=True), f"{OF_CONSUMER}.maintenance_mode"),
}


@pytest.mark.parametrize(("place", "code"), ELSEWHERE.values(), ids=[words.replace(" ", "-") for words in ELSEWHERE])
def test_a_provider_that_cannot_be_reached_is_named(place: Place, code: str, network: Network, run: Run) -> None:
    told = run(network.pair(place).ask(stored("getstate.query").request))
    assert Http.of(told).fault_code == code


FROM_CONSUMERS = (
    Row(words="no-signature", code=f"{OF_PROVIDER}.missing_signature", change=_of_body(_unsigned)),
    Row(
        words="no-soap",
        code=f"{OF_PROVIDER}.service_failed.invalid_soap",
        change=_of_body(_soapless),
    ),
    Row(
        words="wrong content type",
        code=f"{OF_PROVIDER}.service_failed.invalid_content_type",
        change=_of_type(b"blah"),
    ),
    Row(
        words="multipart without any part",
        code=f"{OF_PROVIDER}.missing_soap",
        change=_of_body(lambda _: stored("getstate.query").body),
    ),
    Row(
        words="GET",
        code=f"{OF_PROVIDER}.invalid_http_method",
        change=lambda raw: re.sub(rb"^POST", b"GET", plain(raw)),
    ),
)


@pytest.mark.parametrize("row", FROM_CONSUMERS, ids=lambda row: row.words.replace(" ", "-"))
def test_a_consumer_that_asks_amiss_is_refused(row: Row, network: Network, run: Run) -> None:
    genuine = _genuine_question(network, run, "getstate.query")
    pair = network.pair()
    assert Http.of(run(pair.ask_provider(row.change(genuine)))).fault_code == row.code
    assert pair.service.heard == []


def _genuine_question(network: Network, run: Run, name: str) -> bytes:
    """What our consumer's server sends to a provider's."""
    pair = network.pair(PEER)

    async def hang_up(_: bytes) -> bytes:
        return b""

    pair.peer.begin(hang_up)
    run(pair.ask(stored(name).request))
    return pair.peer.heard[0]


def _genuine_answer(network: Network, run: Run, name: str) -> bytes:
    """What our provider's server answers to it."""
    question = _genuine_question(network, run, name)
    pair = network.pair(ORDINARY)

    async def answer(_: bytes) -> bytes:
        return answer_to(stored(name)).answer

    pair.service.begin(answer)
    answered: bytes = run(pair.ask_provider(question))
    assert Http.of(answered).fault_code is None
    return answered


def _asked_of_peer(network: Network, run: Run, name: str, answered: bytes) -> bytes:
    pair = network.pair(PEER)

    async def answer(_: bytes) -> bytes:
        return answered

    pair.peer.begin(answer)
    told: bytes = run(pair.ask(stored(name).request))
    return told
