"""What passes: each row of the dossier s.9.5 "Positive", byte for byte as the provider's service saw and answered it."""

from __future__ import annotations

import re

import pytest
from tests.fakes.loop import Run
from tests.live.comparison import Http
from tests.queries.messages import (
    BOUNDARY,
    QUERIES,
    Message,
    altered,
    answer_to,
    made,
    received,
    request_for,
    stored,
    without_hash,
)
from tests.queries.network import Network, Pair
from tests.queries.test_requests import ROWS as REFUSED
from tests.queries.test_services import RELAYED

pytestmark = pytest.mark.sockets
BOM = b"\xef\xbb\xbf"
QUESTIONS = (
    "getstate.query",
    "getstate-subsystem.query",
    "getstate-defaultnamespace.query",
    "attachm2.query",
    "attachm2-utf8bom-inside.query",
    "attachments.query",
    "smallAttachment.query",
    "mimesoap.query",
    "cdata.query",
    "nowhitespace.query",
    "simple.query",
    "simple-rpc.query",
    "simple-representedparty.query",
    "simplesoap.xml",
    "proxyemulator.query",
    "xml.query",
)
ANSWERS = (
    "attachm.answer",
    "attachm-mtom.answer",
    "attachm2-utf8bom-inside.answer",
    "attachment-small-mantis.answer",
    "bigAttachment.answer",
    "cdata.answer",
    "getstate-subsystem.answer",
    "missing-userId.answer",
    "requesthash.answer",
    "response-with-requestId.answer",
    "split-header.answer",
    "xmlencoded.answer",
    "xop.answer",
)
METASERVICES = {"listMethods.query": b"listMethodsResponse", "allowedMethods.query": b"allowedMethodsResponse"}
NO_MESSAGES = {"test.ocsp": "an OCSP answer"}
COMMENT = b"<!-- one --><SOAP-ENV:Body>"
MADE = {
    "simple-comment": lambda: altered("simple.query", b"<SOAP-ENV:Body>", COMMENT),
    "missing-userId": lambda: altered("simple.query", b"<xroad:userId>EE37702211234</xroad:userId>", b""),
    "a byte-order mark in front": lambda: altered("simple.query", b"<?xml", BOM + b"<?xml"),
    "attachm": lambda: stored("attachm2.query", is_made=True),
    "attachm-mtom": lambda: _as_question(stored("attachm-mtom.answer")),
}
"""Made from their descriptions: there is no file of the name."""


def _as_question(answer: Message) -> Message:
    body = answer.body.replace(b"testResponse", b"test")
    return made(body, content_type=answer.content_type)


def test_every_file_is_played() -> None:
    if not QUERIES.is_dir():
        pytest.skip("shared fixture fixtures/xroad/queries is not beside this checkout")
    played = {*QUESTIONS, *ANSWERS, *METASERVICES, *NO_MESSAGES, *RELAYED, *(row.words for row in REFUSED)}
    named_otherwise = {"empty.query", "signing-error-request.query"}
    assert {path.name for path in QUERIES.iterdir()} - played == named_otherwise


@pytest.mark.parametrize("name", [*QUESTIONS, *MADE], ids=lambda name: name.replace(" ", "-"))
def test_the_service_sees_what_was_asked(name: str, network: Network, run: Run) -> None:
    question = MADE[name]() if name in MADE else stored(name)
    answered = answer_to(question)
    pair = network.pair()
    told = _played(pair, run, question, answered)
    (seen,) = pair.service.heard
    assert seen.startswith(b"POST /soap HTTP/1.1\r\n")
    asked = received(seen)
    if BOUNDARY not in (question.content_type or ""):
        assert asked.body == question.body
    (_, envelope), *files = asked.parts
    (_, own), *own_files = question.parts
    assert envelope == own
    assert _alike(files) == _alike(own_files)
    assert without_hash(told.envelope) == answered.envelope


@pytest.mark.parametrize("name", ANSWERS)
def test_the_caller_gets_what_was_answered(name: str, network: Network, run: Run) -> None:
    answered = stored(name)
    told = _played(network.pair(), run, request_for(answered), answered)
    (_, envelope), *attachments = told.parts
    (_, own), *files = answered.parts
    assert without_hash(envelope) == without_hash(own)
    assert envelope.count(b"requestHash ") == 1
    assert _alike(attachments) == _alike(files)


def test_an_answer_in_latin_1_is_carried(network: Network, run: Run) -> None:
    question = stored("getstate.query")
    text = answer_to(question).body.decode().replace("utf-8", "ISO-8859-1")
    answered = made(text.encode("iso-8859-1"), content_type="text/xml; charset=ISO-8859-1")
    told = _played(network.pair(), run, question, answered)
    assert b"a\xe4" in told.body


@pytest.mark.parametrize(("name", "element"), METASERVICES.items(), ids=METASERVICES)
def test_a_metaservice_answers(name: str, element: bytes, network: Network, run: Run) -> None:
    told = received(run(network.pair().ask(stored(name).request)))
    assert element in told.envelope
    assert b"<id:serviceCode>getState<" in re.sub(rb"<\w+:service", b"<id:service", told.envelope)


def _played(pair: Pair, run: Run, question: Message, answered: Message) -> Message:
    async def answer(_: bytes) -> bytes:
        return answered.answer

    pair.service.begin(answer)
    told = run(pair.ask(question.request))
    assert Http.of(told).fault_code is None, Http.of(told).body.decode()
    return received(told)


def _alike(parts: list[tuple[bytes, bytes]]) -> list[tuple[set[bytes], bytes]]:
    """Parts as they are, but for the case and place of header names and the folding of their lines."""
    return [(_lines(head), content) for head, content in parts]


def _lines(head: bytes) -> set[bytes]:
    unfolded = re.sub(rb"\r?\n[ \t]+", b" ", head)
    lines = (line.partition(b":") for line in re.split(rb"\r?\n", unfolded) if line)
    return {name.lower() + b":" + value.strip() for name, _, value in lines}
