"""SOAP 4.0 as message-path dossier s.2.7 tells it: what is read, and what is refused with which code, in which order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.soap_messages import (
    ANSWER,
    BODY,
    CLIENT,
    DECLARATION,
    HASH,
    HEADER,
    ID,
    PARTY,
    REQUEST,
    SERVER,
    SERVICE,
    TOKEN,
    USER,
    VERSION,
    XML,
    envelope,
    message,
)
from tests.shared import shared
from tests.unit.exchange.recordings import header, index, live, live_files, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import SoapFault, SoapMessage, parse_soap

ONESTOP = ClientId("VN", "GOV", "H10", "onestop")
LEGACY = ClientId("VN", "GOV", "G01", "legacy")
FAULT = "<SOAP-ENV:Fault><faultcode>CODE</faultcode><faultstring>Lỗi</faultstring></SOAP-ENV:Fault>"


def code(text: str, content_type: str = XML) -> str:
    with pytest.raises(Fault) as refused:
        parse_soap(text.encode(), content_type=content_type)
    return refused.value.code


# --- what is read -----------------------------------------------------------------------------------------------------


def test_every_header_of_the_protocol() -> None:
    text = envelope(CLIENT + SERVICE + SERVER + PARTY + USER + ID + "<xrd:issue>Hồ sơ 1</xrd:issue>" + TOKEN + VERSION)
    read = message(text)
    assert read.envelope == text.encode()
    assert read.content_type == XML
    assert read.client == ONESTOP
    assert read.service == ServiceId(LEGACY, "getPerson", "v1")
    assert read.security_server == SecurityServerId(ClientId("VN", "GOV", "G01"), "ss2")
    assert read.represented_party == RepresentedParty(party_code="0100109106", party_class="COM")
    assert (read.user_id, read.message_id, read.issue) == ("VN12345678", "VN-1", "Hồ sơ 1")
    assert (read.protocol_version, read.body_name, read.request_hash) == ("4.0", "getPerson", None)
    assert read.signer == ONESTOP


def test_the_optional_headers_may_be_absent_or_empty() -> None:
    read = message(envelope(CLIENT + SERVICE + ID + VERSION))
    assert (read.user_id, read.issue, read.represented_party, read.security_server) == (None, None, None, None)
    assert message(envelope(HEADER + "<xrd:issue/>")).issue == ""


def test_a_response_is_signed_by_the_member_of_its_service() -> None:
    read = message(envelope(HEADER + HASH, ANSWER))
    assert read.request_hash == ("http://www.w3.org/2001/04/xmlenc#sha512", "AAAA")
    assert read.signer == LEGACY


def test_a_member_asks_for_a_service_of_a_member_without_version() -> None:
    subsystem, version = (
        re.compile(r"<id:subsystemCode>.*?</id:subsystemCode>"),
        "<id:serviceVersion>v1</id:serviceVersion>",
    )
    text = subsystem.sub("", REQUEST).replace("SUBSYSTEM", "MEMBER").replace(version, "")
    assert message(text).client == ClientId("VN", "GOV", "H10")
    assert message(text).service == ServiceId(ClientId("VN", "GOV", "G01"), "getPerson")


@pytest.mark.parametrize("name", ["getPerson", "getPersonResponse", "getPersonX"])
def test_the_body_is_named_after_the_service_or_longer(name: str) -> None:
    assert message(REQUEST.replace("leg:getPerson", f"leg:{name}")).body_name == name


def test_values_are_as_written_with_references_resolved_and_comments_left_out() -> None:
    text = REQUEST.replace("VN12345678", "\n &lt;&#272;<!-- not this -->]]&gt;<![CDATA[<&]]> ")
    assert message(text).user_id == "\n <Đ]]><& "
    assert message(REQUEST.replace("<id:memberCode>H10", "<id:memberCode>H<!-- x -->1<![CDATA[0]]>")).client == ONESTOP


def test_what_is_not_read_may_be_anything() -> None:
    other = '<w:Security xmlns:w="urn:wsse"><w:a><w:a>x</w:a></w:a></w:Security><w:Security xmlns:w="urn:wsse"/>'
    text = envelope(other + TOKEN + HEADER).replace("<SOAP-ENV:Header>", f"<!-- a --><x>{CLIENT}</x><SOAP-ENV:Header>")
    assert message(text.replace("</SOAP-ENV:Envelope>", "<?p i?><y/></SOAP-ENV:Envelope>")).client == ONESTOP


def test_a_body_that_holds_a_fault_is_that_fault_whatever_the_header_lacks() -> None:
    for text in (envelope("", FAULT), envelope(HEADER + ID, FAULT)):
        parsed = parse_soap(text.encode(), content_type=XML)
        assert isinstance(parsed, SoapFault)
        assert (parsed.code, parsed.message, parsed.xml) == ("CODE", "Lỗi", text.encode())


def test_the_names_of_namespaces_count_and_their_prefixes_do_not() -> None:
    mixed = (
        REQUEST.replace("xmlns:xrd=", "xmlns:x-y.z=").replace("xrd:", "x-y.z:")
        .replace("<x-y.z:id>VN-1</x-y.z:id>", '<id xmlns="http://x-road.eu/xsd/xroad.xsd">VN-1</id>')
    )  # fmt: skip
    assert message(mixed).message_id == "VN-1"
    assert (
        code(REQUEST.replace('xmlns:xrd="http://x-road.eu/', 'xmlns:xrd="http://x-road.ee/')) == "missing_header_field"
    )


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("</SOAP-ENV:Envelope>", "", "invalid_soap"),
        ("<SOAP-ENV:Envelope", "<!DOCTYPE x><SOAP-ENV:Envelope", "invalid_soap"),
        ("soap/envelope/", "soap/other/", "invalid_soap"),
        ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope", "invalid_soap"),
        ("SOAP-ENV:Header>", "SOAP-ENV:Head>", "missing_header"),
        (ID, ID * 2, "duplicate_header_field"),
        (USER, USER * 2, "duplicate_header_field"),
        (CLIENT, CLIENT * 2, "duplicate_header_field"),
        ("</SOAP-ENV:Header>", PARTY * 2 + "</SOAP-ENV:Header>", "duplicate_header_field"),
        (VERSION, "", "missing_header_field"),
        (CLIENT, "", "missing_header_field"),
        (ID, "", "missing_header_field"),
        (SERVICE, "", "missing_header_field"),
        (">4.0<", ">3.5<", "invalid_protocol_version"),
        (">4.0<", ">4<", "invalid_protocol_version"),
        (">4.0<", "> 4.0<", "invalid_protocol_version"),
        (">4.0<", "><", "invalid_protocol_version"),
        (ID, "<xrd:id>VN<b/></xrd:id>", "invalid_xml"),
        ("<SOAP-ENV:Body>" + BODY + "</SOAP-ENV:Body>", "", "missing_body"),
        (BODY, "", "invalid_body"),
        (BODY, "text", "invalid_body"),
        (BODY, BODY * 2, "invalid_body"),
        (BODY, BODY + FAULT, "invalid_body"),
        (BODY, FAULT * 2, "invalid_body"),
        ("leg:getPerson", "leg:getperson", "inconsistent_headers"),
        ("leg:getPerson", "leg:get", "inconsistent_headers"),
        ("leg:getPerson", "leg:myGetPerson", "inconsistent_headers"),
    ],
)
def test_refused(old: str, new: str, expected: str) -> None:
    assert old in REQUEST
    assert code(REQUEST.replace(old, new)) == expected


@pytest.mark.parametrize(
    "content_type", ["", "blah", "application/json", "multipart/related; boundary=b", "text/xml-x"]
)
def test_a_soap_part_says_that_it_is_one(content_type: str) -> None:
    assert code(REQUEST, content_type) == "invalid_content_type"


def test_the_first_check_that_fails_is_told() -> None:
    """Content type, form, header, duplicates, mandatory fields, version, identifiers, body, its name: as listed."""
    defects = [
        ("leg:getPerson", "leg:other", "inconsistent_headers"),
        (BODY.replace("getPerson", "other"), "", "invalid_body"),
        ("<SOAP-ENV:Body></SOAP-ENV:Body>", "", "missing_body"),
        ('id:objectType="SERVICE"', "", "invalid_xml"),
        (">4.0<", ">3.0<", "invalid_protocol_version"),
        (CLIENT, "", "missing_header_field"),
        (ID, ID * 2, "duplicate_header_field"),
        ("SOAP-ENV:Header>", "SOAP-ENV:Head>", "missing_header"),
        ("<SOAP-ENV:Envelope", "<!DOCTYPE x><SOAP-ENV:Envelope", "invalid_soap"),
    ]
    text = REQUEST
    for old, new, expected in defects:
        assert old in text
        text = text.replace(old, new)
        assert code(text) == expected
    assert code(text, "text/plain") == "invalid_content_type"


# --- headers smuggled in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("</SOAP-ENV:Header>", f"</SOAP-ENV:Header><SOAP-ENV:Header>{CLIENT}</SOAP-ENV:Header>", "duplicate_header_field"),
        ("<SOAP-ENV:Header>", f"<SOAP-ENV:Header>{USER}</SOAP-ENV:Header><SOAP-ENV:Header>", "duplicate_header_field"),
        ("</SOAP-ENV:Body>", f"</SOAP-ENV:Body><SOAP-ENV:Body>{BODY}</SOAP-ENV:Body>", "invalid_body"),
        (f"<SOAP-ENV:Header>{HEADER}</SOAP-ENV:Header>", HEADER, "missing_header"),
        (f"<SOAP-ENV:Header>{HEADER}</SOAP-ENV:Header>", f"<x><SOAP-ENV:Header>{HEADER}</SOAP-ENV:Header></x>", "missing_header"),
        (CLIENT, f"<x>{CLIENT}</x>", "missing_header_field"),
        (CLIENT, CLIENT.replace("</id:x", "<id:memberCode>G01</id:memberCode></id:x"), "invalid_xml"),
        (CLIENT, CLIENT.replace("</xrd:c", "<id:memberCode>G01</id:memberCode></xrd:c"), "duplicate_header_field"),
        (CLIENT, CLIENT.replace("SUBSYSTEM", "MEMBER"), "invalid_xml"),
        (CLIENT, CLIENT.replace("id:objectType", "objectType"), "invalid_xml"),
        (CLIENT, CLIENT.replace('id:objectType="SUBSYSTEM"', 'a="http://x-road.eu/xsd/identifiers}objectType" b="SUBSYSTEM"'), "invalid_xml"),
    ],
)  # fmt: skip
def test_a_second_reading_is_refused(old: str, new: str, expected: str) -> None:
    assert old in REQUEST
    assert code(REQUEST.replace(old, new)) == expected


def test_a_header_behind_the_body_is_none() -> None:
    text = REQUEST.replace(f"<SOAP-ENV:Header>{HEADER}</SOAP-ENV:Header>", "")
    end = "</SOAP-ENV:Body>"
    assert code(text.replace(end, f"{end}<SOAP-ENV:Header>{HEADER}</SOAP-ENV:Header>")) == "missing_header"


# --- what other servers were seen to do -------------------------------------------------------------------------------

RECORDED = [
    "altered/soap-body", "ec/soap-simple", "meta/soap-listMethods", "meta/soap-allowedMethods", "meta/soap-getWsdl",
    *(f"soap/{name}" for name in (
        "attachment", "attachments-binary", "body-not-service", "bom", "content-type", "dtd", "empty-body", "latin1", "malformed",
        "mtom", "no-body", "no-client", "no-declaration", "no-id", "no-user", "represented-party", "rest-service", "service-fault",
        "simple", "two-ids", "unknown-service", "utf16", "wrong-security-server",
    )),
]  # fmt: skip


@pytest.mark.parametrize("case", RECORDED)
def test_recorded_requests_are_read_or_refused_as_recorded(case: str) -> None:
    content_type, data = soap_part(live(case, "1-consumer-request.http"))
    expected = str(index()[case].get("fault_code") or "").removeprefix("client.")
    try:
        parsed = parse_soap(data, content_type=content_type)
    except Fault as fault:
        assert fault.code == expected
        if fault.code != "invalid_soap":  # a parser's own words
            assert fault.message == index()[case]["fault_string"]
    else:
        assert "client." not in str(index()[case].get("fault_code"))
        assert isinstance(parsed, SoapMessage)
        assert parsed.client == ClientId("VN", "GOV", "000.00.00.H10", "onestop")
        assert parsed.message_id == (index()[case]["message_id"] or "VN-RSA-0080")  # UTF-16 is not told in the index
        assert parsed.body_name == parsed.service.service_code


def test_every_recorded_answer_is_a_message_or_a_fault() -> None:
    seen = {SoapMessage: 0, SoapFault: 0}
    for file in [
        *live_files("soap/*/5-*.http"),
        *live_files("meta/soap*/5-*.http"),
        *live_files("batch/soap/5-*.http"),
    ]:
        content_type, data = soap_part(file.read_bytes())
        parsed = parse_soap(data, content_type=content_type)
        seen[type(parsed)] += 1
        if isinstance(parsed, SoapMessage):
            assert parsed.signer.member_code == "000.00.00.G01"
            assert parsed.body_name == f"{parsed.service.service_code}Response"
    assert seen[SoapMessage] > 20
    assert seen[SoapFault] > 2


def soap_part(raw: bytes) -> tuple[str, bytes]:
    """Content type and bytes of the envelope, alone or in a multipart."""
    _, headers, body = split_http(raw)
    content_type = header(headers, b"content-type")
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    if boundary is None:
        return content_type, body
    part = next(part for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode()) if b"xml" in part[:200])
    head, _, data = part.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-type: *([^\r\n]*)", head)
    assert found is not None
    return found[1].decode(), data


QUERIES = {
    "faulty-header.query": "missing_header_field",
    "inconsistent-headers.query": "inconsistent_headers",
    "malformed-body1.query": "invalid_body",
    "malformed-body3.query": "inconsistent_headers",
    "malformed-protocolVersion.query": "invalid_protocol_version",
    "missing-body.query": "missing_body",
    "missing-protocolVersion.query": "missing_header_field",
    "missingobjecttype.query": "invalid_xml",
    "no-header.query": "missing_header",
    "wrong-protocolVersion.query": "invalid_protocol_version",
    "empty.query": "invalid_soap",
    "customsoapenv.answer": "soapenv:Server.CODE",
    "faulty-fault.answer": "soap:Server",
    "soapfaulterror.query": "SOAP-ENV:Clientrwerete",
    "simple.query": None,
    "simple-rpc.query": None,
    "simple-representedparty.query": None,
    "getstate.query": None,
    "getstate-subsystem.query": None,
    "getstate-subsystem.answer": None,
    "getstate-defaultnamespace.query": None,
    "nowhitespace.query": None,
    "cdata.query": None,
    "cdata.answer": None,
    "split-header.answer": None,
    "xmlencoded.answer": None,
    "missing-userId.answer": None,
    "requesthash.answer": None,
    "response-with-requestId.answer": None,
    "notAllowed.query": None,
    "listMethods.query": None,
    "allowedMethods.query": None,
    "xml.query": None,
    "simplesoap.xml": None,
}
"""NIIS's file → code or fault; None where it is read. Source: message-path dossier s.9.5."""


@pytest.mark.parametrize("name", QUERIES)
def test_query_files(name: str) -> None:
    data = shared(f"fixtures/xroad/queries/{name}").read_bytes()
    try:
        parsed = parse_soap(data, content_type="text/xml")
    except Fault as fault:
        assert fault.code == QUERIES[name]
    else:
        assert (parsed.code if isinstance(parsed, SoapFault) else None) == QUERIES[name]


def test_query_values() -> None:
    read = {
        name: message(shared(f"fixtures/xroad/queries/{name}").read_text("utf-8"), content_type="text/xml")
        for name, fault in QUERIES.items()
        if fault is None
    }
    assert read["xmlencoded.answer"].user_id == """<"EE37702211234" & 'xml encoded'>"""
    assert read["split-header.answer"].issue == "w\naa\nww\n"
    assert read["simple-representedparty.query"].represented_party is not None
    assert read["missing-userId.answer"].user_id is None
    assert read["requesthash.answer"].request_hash == ("http://www.w3.org/2001/04/xmlenc#sha512", "foo")
    assert read["getstate-defaultnamespace.query"].client == ClientId("EE", "BUSINESS", "consumer")


# --- anything at all --------------------------------------------------------------------------------------------------

_PIECES = [
    CLIENT,
    SERVICE,
    USER,
    ID,
    VERSION,
    HASH,
    TOKEN,
    PARTY,
    SERVER,
    "<!-- -->",
    "<x:y/>",
    "</xrd:id>",
    "text",
    "&x;",
]
_CODES = {
    "invalid_soap", "missing_header", "duplicate_header_field", "missing_header_field", "invalid_protocol_version", "invalid_xml",
    "missing_body", "invalid_body", "inconsistent_headers",
}  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from([BODY, ANSWER, FAULT, "text", "<x/>"]), max_size=2).map("".join),
)
def test_any_pieces_are_read_or_refused(headers: str, body: str) -> None:
    data = envelope(headers, body, prolog=DECLARATION).encode()
    try:
        parsed = parse_soap(data, content_type=XML)
    except Fault as fault:
        assert fault.code in _CODES
    else:
        assert data == (parsed.xml if isinstance(parsed, SoapFault) else parsed.envelope)
