"""Envelopes of X-Road, written and read: what goes in comes out, and nothing unsafe is built."""

from xml.etree import ElementTree

import pytest
from tests.live.cases import LIVE
from tests.shared import shared
from tests.unit.exchange import recordings

from lienthong.exchange.connector.envelopes import (
    DEPTH_MAX,
    Envelope,
    EnvelopeError,
    FaultBody,
    SoapHeaders,
    read_envelope,
    write_envelope,
    write_fault,
)
from lienthong.exchange.identifiers import ClientId, IdentifierError, SecurityServerId, ServiceId
from lienthong.exchange.message.soap import SoapMessage, parse_soap

ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
LEGACY = ClientId("VN", "GOV", "000.00.00.G01", "legacy")
PLAIN = SoapHeaders(client=ONESTOP, service=ServiceId(LEGACY, "getPerson"), message_id="VN-1")
FULL = SoapHeaders(
    client=ONESTOP,
    service=ServiceId(LEGACY, "getPerson", "v1"),
    message_id="VN-2",
    user_id="cán bộ <1>",
    issue="LAW:26/2023/QH15, Điều 10",
    represented_party="COM/12345678",
    security_server=SecurityServerId(LEGACY.member, "ss2"),
)
BODY = b'<leg:getPerson xmlns:leg="urn:vn:legacy"><leg:number>1 &amp; 2</leg:number></leg:getPerson>'


@pytest.mark.parametrize("headers", [PLAIN, FULL], ids=["plain", "full"])
@pytest.mark.parametrize("payload", [BODY, ElementTree.fromstring(BODY)], ids=["bytes", "tree"])
def test_what_is_written_is_read(headers: SoapHeaders, payload: object) -> None:
    read = read_envelope(write_envelope(headers, payload))  # type: ignore[arg-type]
    assert isinstance(read, Envelope)
    assert read.headers == headers
    assert ElementTree.tostring(read.body) == ElementTree.tostring(ElementTree.fromstring(BODY))


def test_the_servers_read_the_same_header() -> None:
    read = parse_soap(write_envelope(FULL, BODY), content_type="text/xml; charset=UTF-8")
    assert isinstance(read, SoapMessage)
    assert (read.client, read.service, read.security_server) == (FULL.client, FULL.service, FULL.security_server)
    assert (read.message_id, read.user_id, read.issue) == (FULL.message_id, FULL.user_id, FULL.issue)
    assert read.represented_party is not None
    assert (read.represented_party.party_class, read.represented_party.party_code) == ("COM", "12345678")


def test_a_payload_of_bytes_goes_out_as_it_is() -> None:
    assert BODY in write_envelope(PLAIN, BODY)


def test_a_whole_document_is_no_payload() -> None:
    with pytest.raises(ValueError, match="one element"):
        write_envelope(PLAIN, b'<?xml version="1.0"?><a/>')


def test_recorded_answers_are_read() -> None:
    shared("fixtures/xroad/live")
    envelope = recordings.split_http((LIVE / "soap/simple/6-consumer-response.http").read_bytes())[2]
    read = read_envelope(envelope)
    assert isinstance(read, Envelope)
    assert (read.headers.message_id, read.headers.user_id) == ("VN-RSA-0070", "VN12345678")
    assert read.body.findtext("{urn:vn:legacy}number") == "001088000018"


def test_recorded_faults_are_read() -> None:
    shared("fixtures/xroad/live")
    envelope = recordings.split_http((LIVE / "soap/service-fault/6-consumer-response.http").read_bytes())[2]
    read = read_envelope(envelope)
    assert isinstance(read, FaultBody)
    assert (read.code, read.message, read.detail) == ("SOAP-ENV:Client", "Không có công dân này", "unknown number")


def test_a_fault_of_ours_is_read() -> None:
    read = read_envelope(write_fault("SOAP-ENV:Client", "a < b", detail="chi tiết"))
    assert isinstance(read, FaultBody)
    assert (read.code, read.message, read.detail) == ("SOAP-ENV:Client", "a < b", "chi tiết")


DOCTYPE = b'<!DOCTYPE a [<!ENTITY e "e">]>'
ENVELOPE = write_envelope(PLAIN, BODY)
REFUSED = {
    "not XML": (b"blah", "not well-formed"),
    "nothing": (b"", "not well-formed"),
    "a document type": (ENVELOPE.replace(b"?>\n", b"?>" + DOCTYPE, 1), "document type"),
    "another document": (b"<a/>", "no SOAP 1.1 envelope"),
    "no header": (ENVELOPE.replace(b"SOAP-ENV:Header", b"SOAP-ENV:Other"), "not one header"),
    "no body": (ENVELOPE.replace(b"SOAP-ENV:Body", b"SOAP-ENV:Other"), "not one body"),
    "two elements in the body": (ENVELOPE.replace(BODY, BODY + BODY), "not one body"),
    "no client": (ENVELOPE.replace(b"xrd:client", b"xrd:other"), "not one client"),
    "two services": (ENVELOPE.replace(b"<xrd:id>", b"<xrd:service/><xrd:id>"), "not one service"),
    "too deep": (write_envelope(PLAIN, b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX), "inside one another"),
    "an unknown encoding": (ENVELOPE.replace(b"UTF-8", b"UTF-99"), "not well-formed"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(data: bytes, words: str) -> None:
    with pytest.raises(EnvelopeError, match=words):
        read_envelope(data)


def test_an_identifier_without_its_fields_is_none() -> None:
    with pytest.raises(IdentifierError):
        read_envelope(ENVELOPE.replace(b"memberCode", b"other"))
