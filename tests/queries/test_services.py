"""What services answer amiss: each row of the dossier s.9.5 "Service misbehaviour"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.fakes.loop import Run
from tests.live.comparison import Http
from tests.queries.messages import RELATED, Message, altered, made, stored
from tests.queries.network import Network
from tests.queries.test_requests import GET_STATE, NO_TYPE

pytestmark = pytest.mark.sockets
FAILED = "server.serverproxy.service_failed"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One answer, or none."""

    words: str
    code: str
    answer: Callable[[], bytes]
    """As it crosses the wire; nothing: the service hangs up."""
    asks: bytes = b"getState"
    """The service that is called."""


def _row(words: str, code: str, answer: Callable[[], Message], **changed: object) -> Row:
    return Row(words=words, code=code, answer=lambda: answer().answer, **changed)  # type: ignore[arg-type]


def _file(name: str, code: str, words: str = "", **changed: object) -> Row:
    return _row(words or name, code, lambda: stored(name, **changed))


ROWS = (
    _file("attachm-no-soap.query", f"{FAILED}.invalid_content_type"),
    _row("attachm-error", f"{FAILED}.invalid_content_type", lambda: made(NO_TYPE, content_type=RELATED)),
    _file("getstate.query", f"{FAILED}.invalid_content_type", "wrong type", content_type="blah"),
    Row(words="aborted connection", code=f"{FAILED}.invalid_content_type", answer=lambda: b"HTTP/1.1 200 OK\r\n\r\n"),
    _file("attachm-faulty-soap.query", f"{FAILED}.missing_header_field"),
    _file("faulty-header.query", f"{FAILED}.missing_header_field"),
    _file("empty.query", f"{FAILED}.invalid_message", "empty multipart", content_type=RELATED),
    _file("faulty-multipart.query", f"{FAILED}.invalid_message"),
    _file("empty.query", f"{FAILED}.invalid_soap", "empty"),
    _row("malformed-body2", f"{FAILED}.invalid_body", lambda: altered("getstate.query", GET_STATE, b"")),
    _file("missing-body.query", f"{FAILED}.missing_body"),
    _file("no-header.query", f"{FAILED}.missing_header"),
    Row(
        words="502",
        code=f"{FAILED}.http_error",
        answer=lambda: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    ),
    Row(words="unknown host", code=f"{FAILED}.unknown_host", answer=lambda: b"", asks=b"hidden"),
    Row(words="TLS trust", code=f"{FAILED}.ssl_authentication_failed", answer=lambda: b"", asks=b"strange"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words.replace(" ", "-"))
def test_the_caller_is_told(row: Row, network: Network, run: Run) -> None:
    pair, query = network.pair(), altered("getstate.query", b"getState", row.asks)

    async def answer(_: bytes) -> bytes:
        return row.answer()

    pair.service.begin(answer)
    assert Http.of(run(pair.ask(query.request))).fault_code == row.code


RELAYED = {
    "customsoapenv.answer": "soapenv:Server.CODE",
    "faulty-fault.answer": "soap:Server",
    "soapfault-mtom.answer": "soap:Server",
}


@pytest.mark.parametrize(("name", "code"), RELAYED.items(), ids=RELAYED)
def test_a_fault_of_the_service_is_relayed_as_it_is(name: str, code: str, network: Network, run: Run) -> None:
    pair, fault = network.pair(), stored(name)

    async def answer(_: bytes) -> bytes:
        return fault.answer

    pair.service.begin(answer)
    told = Http.of(run(pair.ask(stored("getstate.query").request)))
    assert told.fault_code == code
    assert told.body == fault.envelope
