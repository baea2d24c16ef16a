"""A SOAP service called and offered by the same few lines as a REST one."""

from xml.etree import ElementTree

import pytest

from lienthong.exchange.connector import (
    Caller,
    EnvelopeError,
    SoapAttachment,
    SoapFault,
    SoapRequest,
    UnreachableError,
    soap_fault,
)
from lienthong.exchange.connector.answers import Answer
from lienthong.exchange.connector.soap import (
    SoapCall,
    SoapOptions,
    build_soap_call,
    parse_soap_service,
    read_soap_answer,
)
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId

ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
SERVICE = "VN/GOV/000.00.00.G01/legacy/getPerson"
ASKED = b'<getPerson xmlns="urn:vn:legacy"><number>1</number></getPerson>'
TOLD = b'<getPersonResponse xmlns="urn:vn:legacy"><name>A</name></getPersonResponse>'
FILE = SoapAttachment(content_id="a.txt", content_type="text/plain", body=b"abc")


def built(payload: bytes = ASKED, **options: object) -> SoapCall:
    return build_soap_call(ONESTOP, SERVICE, payload, SoapOptions(**options))  # type: ignore[typeddict-item]


def offered(call: SoapCall) -> SoapRequest:
    assert isinstance(call.body, bytes)
    return SoapRequest.read(call.content_type, call.body)


def came(content_type: str, body: bytes, status: int = 200) -> Answer:
    return Answer(status=status, headers=(("Content-Type", content_type),), body=body, message_id="VN-1")


def test_a_service_sees_who_asks_what_and_why() -> None:
    request = offered(built(purpose="000.00.14", officer="an", message_id="VN-1", represented_party="COM/123"))
    assert request.caller == Caller(
        client=ONESTOP, user_id="an", issue="000.00.14", message_id="VN-1", represented_party="COM/123"
    )
    assert request.headers.service == parse_soap_service(SERVICE)
    assert request.body.findtext("{urn:vn:legacy}number") == "1"


def test_its_answer_echoes_the_header_blocks() -> None:
    call = built(security_server="VN/GOV/000.00.00.G01/ss2", attachments=[FILE])
    request = offered(call)
    assert request.attachments == (FILE,)
    answer = read_soap_answer(came(*request.answer(TOLD, FILE)))
    assert answer.headers == request.headers
    assert answer.message_id == call.message_id
    assert answer.body.findtext("{urn:vn:legacy}name") == "A"
    assert answer.attachments == (FILE,)
    assert TOLD in answer.envelope


def test_a_tree_may_answer() -> None:
    answer = read_soap_answer(came(*offered(built()).answer(ElementTree.fromstring(TOLD))))
    assert answer.body.findtext("{urn:vn:legacy}name") == "A"


def test_ids_are_chosen_of_the_clients_instance() -> None:
    first, second = built().message_id, built().message_id
    assert first != second
    assert first.startswith("VN-")


def test_who_asks_stands_in_the_envelope_alone() -> None:
    call = built()
    assert call.target() == "/"
    assert call.header_list(ONESTOP, "VN-1") == [("Content-Type", "text/xml; charset=UTF-8"), ("SOAPAction", '""')]
    assert built(action="urn:a").header_list(ONESTOP, "VN-1")[1] == ("SOAPAction", '"urn:a"')


@pytest.mark.parametrize(("idempotent", "attempts"), [(False, 1), (True, 3)])
def test_only_what_does_no_harm_is_repeated(idempotent: bool, attempts: int) -> None:
    assert built(idempotent=idempotent).attempts == attempts


@pytest.mark.parametrize(
    ("code", "is_retryable"), [("SOAP-ENV:Client", False), ("server.clientproxy.network_error", True)]
)
def test_a_fault_is_raised_with_its_code(code: str, is_retryable: bool) -> None:
    with pytest.raises(SoapFault, match="không có") as caught:
        read_soap_answer(came(*soap_fault(code, "không có", detail="chi tiết")))
    assert (caught.value.code, caught.value.detail, caught.value.message_id) == (code, "chi tiết", "VN-1")
    assert caught.value.is_retryable is is_retryable


@pytest.mark.parametrize("body", [b"Bad Gateway", b"<html/>"])
def test_an_answer_that_is_no_soap_is_none(body: bytes) -> None:
    with pytest.raises(UnreachableError, match="no SOAP answer: HTTP status 502"):
        read_soap_answer(came("text/html", body, 502))


def test_a_fault_or_a_stranger_is_no_request() -> None:
    with pytest.raises(EnvelopeError, match="fault"):
        SoapRequest.read(*soap_fault("a", "b"))
    with pytest.raises(EnvelopeError, match="identifier"):
        SoapRequest.read("text/xml", bytes(built().body).replace(b"memberCode", b"other"))  # type: ignore[arg-type]


def test_services_have_versions_or_none() -> None:
    legacy = ClientId("VN", "GOV", "000.00.00.G01", "legacy")
    assert parse_soap_service(SERVICE) == ServiceId(legacy, "getPerson")
    assert parse_soap_service(f"{SERVICE}/v1") == ServiceId(legacy, "getPerson", "v1")
    with pytest.raises(IdentifierError, match="VERSION"):
        parse_soap_service("VN/GOV/A/getPerson")
    assert build_soap_call(ONESTOP, ServiceId(legacy, "x"), b"<x/>", {}).service == ServiceId(legacy, "x")
