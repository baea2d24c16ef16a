"""What information systems send: each file, and each row of the dossier s.9.5 "Request from IS" and "Authorisation"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from tests.fakes.loop import Run
from tests.live.comparison import Http
from tests.queries.messages import BOUNDARY, RELATED, Message, altered, answer_to, made, stored
from tests.queries.network import ORDINARY, Network, Place

pytestmark = pytest.mark.sockets


@dataclass(frozen=True, kw_only=True)
class Row:
    """One refusal."""

    words: str
    """As the dossier has it."""
    query: Callable[[], Message]
    code: str
    place: Place = ORDINARY


def _refused(words: str, code: str, query: Callable[[], Message], place: Place = ORDINARY) -> Row:
    return Row(words=words, query=query, code=code, place=place)


def _file(name: str, code: str, *, words: str = "", place: Place = ORDINARY, **changed: object) -> Row:
    return _refused(words or name, code, lambda: stored(name, **changed), place)


NO_TYPE = f"--{BOUNDARY}\r\nContent-ID: <a>\r\n\r\nblaah\r\n--{BOUNDARY}--\r\n".encode()
FAULT = b"<SOAP-ENV:Fault><faultcode>code</faultcode><faultstring>text</faultstring></SOAP-ENV:Fault>"
GET_STATE = b"<xroad:getState>a\xc3\xa4\xc3\xb5</xroad:getState>"

FROM_SYSTEMS = (
    _refused("attachm-error", "client.invalid_content_type", lambda: made(NO_TYPE, content_type=RELATED)),
    _file("attachm-no-soap.query", "client.invalid_content_type"),
    _file("attachm-faulty-soap.query", "client.missing_header_field"),
    _file("empty.query", "client.missing_soap", words="empty (multipart)", content_type=RELATED),
    _file("empty.query", "client.invalid_soap", words="empty (text/xml)"),
    _refused(
        "faulty-header2",
        "client.duplicate_header_field",
        lambda: altered("getstate.query", b"<xroad:issue/>", b"<xroad:issue/><xroad:issue/>"),
    ),
    _file("getstate.query", "client.invalid_content_type", words='content type "blah"', content_type="blah"),
    _file("malformed-body1.query", "client.invalid_body"),
    _refused("malformed-body2", "client.invalid_body", lambda: altered("getstate.query", GET_STATE, b"")),
    _file("malformed-body3.query", "client.inconsistent_headers"),
    _file("malformed-protocolVersion.query", "client.invalid_protocol_version"),
    _file("wrong-protocolVersion.query", "client.invalid_protocol_version"),
    _file("missing-protocolVersion.query", "client.missing_header_field"),
    _file("missing-body.query", "client.missing_body"),
    _file("no-header.query", "client.missing_header"),
    _file("missingobjecttype.query", "client.invalid_xml"),
    _refused(
        "missing-org",
        "server.clientproxy.unknown_member",
        lambda: altered("getstate.query", b"<id:memberCode>producer<", b"<id:memberCode>nobody<"),
    ),
    _refused("fault.query", "client.code", lambda: altered("getstate.query", GET_STATE, FAULT)),
    _file("getstate.query", "client.invalid_soap_action", words="SOAPAction malformed", soap_action="urn:test"),
    _file("getstate.query", "client.invalid_http_method", words="GET", method="GET"),
    _file("signing-error-request.query", "server.clientproxy.cannot_create_signature", words="signing fails"),
)
AT_PROVIDER = (
    _file("notAllowed.query", "server.serverproxy.access_denied", place=Place(has_rights=False)),
    _refused(
        "notAllowed (one service)",
        "server.serverproxy.access_denied",
        lambda: altered("getstate.query", b"getState", b"closed"),
    ),
    _refused(
        "UnknownService",
        "server.serverproxy.unknown_service",
        lambda: altered("getstate.query", b"getState", b"unheardOf"),
    ),
    _refused(
        "ServiceDisabled", "server.serverproxy.service_disabled", lambda: altered("getstate.query", b"getState", b"off")
    ),
)
WITHOUT_A_ROW = (
    _file("attach-error-withsoap.query", "client.inconsistent_headers"),
    _file("inconsistent-headers.query", "client.inconsistent_headers"),
    _file("faulty-header.query", "client.missing_header_field"),
    _file("no-soap.query", "client.invalid_soap"),
    _file("faulty-multipart.query", "client.invalid_message"),
    _file("soapfaulterror.query", "client.SOAP-ENV:Clientrwerete"),
    _file("signing-error-response.query", "server.serverproxy.cannot_create_signature"),
)
"""Files that the dossier's list does not name; the verdict follows from its s.2.7."""
ROWS = (*FROM_SYSTEMS, *AT_PROVIDER, *WITHOUT_A_ROW)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.words.replace(" ", "-"))
def test_it_is_refused(row: Row, network: Network, run: Run) -> None:
    pair, query = network.pair(row.place), row.query()

    async def answer(_: bytes) -> bytes:
        return answer_to(stored("getstate.query")).answer

    pair.service.begin(answer)
    refused = Http.of(run(pair.ask(query.request)))
    assert refused.first == b"HTTP/1.1 200 OK"
    assert refused.fault_code == row.code
    if row.code != "server.serverproxy.cannot_create_signature":
        assert pair.service.heard == []


def test_a_client_that_must_show_a_certificate_is_refused_without_one(network: Network, run: Run) -> None:
    """Row "TLS (Ssl*)": none IS cert."""
    query = altered("getstate-subsystem.query", b"subsys1", b"strict")
    refused = run(network.pair().ask(query.request))
    assert Http.of(refused).fault_code == "server.clientproxy.ssl_authentication_failed"
