"""SOAP at the provider's server: what peers and services may do, and how each mistake is told. Source: s.9.5."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.fakes import exchange_pair as world
from tests.fakes import instance_seen as seen
from tests.fakes import soap_exchange as soap
from tests.fakes.exchange_pair import Pair
from tests.fakes.settings_files import COMPLETE
from tests.fakes.soap_exchange import GET_PERSON, LEGACY, XML, call, envelope, related, response_to, soap_pair

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ServiceId
from lienthong.exchange.message.soap import parse_soap_fault
from lienthong.exchange.security.ports import ServiceCall
from lienthong.exchange.transport.http import Headers, HttpClientResponse

FAULT = (
    '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
    "<faultcode>s:Client</faultcode><faultstring>Không có công dân này</faultstring>"
    '<detail><reason xmlns="urn:vn:legacy">unknown</reason></detail></s:Fault></s:Body></s:Envelope>'
).encode()
FAILED = "server.serverproxy.service_failed"
ANSWER = response_to(envelope())
RELATED, MULTIPART = related(ANSWER, b"x")

ACCESS = {
    "no right": (GET_PERSON._replace(service_version="v2"), "server.serverproxy.access_denied"),
    "no service": (GET_PERSON._replace(service_version="v9"), "server.serverproxy.unknown_service"),
    "no version": (GET_PERSON._replace(service_version=None), "server.serverproxy.unknown_service"),
    "disabled": (ServiceId(LEGACY, "helloMtom"), "server.serverproxy.service_disabled"),
    "REST": (ServiceId(seen.POPULATION, "pets"), "server.serverproxy.service_type"),
}


@pytest.mark.parametrize("name", ACCESS)
def test_rights_are_judged_before_anything_is_logged_or_asked(tmp_path: Path, name: str) -> None:
    service, code = ACCESS[name]
    pair = soap_pair(tmp_path)
    told = call(pair, envelope(service=service, body=f"<{service.service_code}/>"))
    assert told.fault.code == code
    assert (pair.asked, soap.kinds(pair)) == ([], [("client", False)])
    assert pair.answers[0] == told.body, "a refusal before the service answered is bare"


def test_a_service_of_personal_data_must_be_told_who_asks_and_why(tmp_path: Path) -> None:
    """The headers ``userId`` and ``issue`` say it, as ``X-Road-UserId`` and ``X-Road-Issue`` do for REST."""
    text = COMPLETE.replace('version = "v1"\n', 'version = "v1"\npersonal_data = true\n')
    pair = soap_pair(tmp_path, own=soap.snapshot_of(text=text))
    assert "X-Road-Issue is missing" in call(pair).fault.message
    issue = "<x:issue>000.00.14.H20-200703-0002</x:issue>"
    pair.service_answer = soap.answering(response_to(envelope(more=issue)))
    assert call(pair, envelope(more=issue)).message.issue == "000.00.14.H20-200703-0002"
    assert b"001088000018" not in pair.logged[-2].message, "bodies of personal data stay out of the provider's log"


SERVICE = {
    "another type": (soap.answering(ANSWER, "text/plain"), f"{FAILED}.invalid_content_type"),
    "no type": (lambda _: world.answer_with(ANSWER), f"{FAILED}.invalid_content_type"),
    "no envelope first": (
        soap.answering(*reversed(related(ANSWER, part_type="text/plain"))),
        f"{FAILED}.invalid_content_type",
    ),
    "an attachment without a type": (
        soap.answering(MULTIPART.replace(b"Content-Type: application/octet-stream\r\n", b""), RELATED),
        f"{FAILED}.invalid_content_type",
    ),
    "a multipart of nothing": (soap.answering(b"", RELATED), f"{FAILED}.invalid_message"),
    "another boundary": (soap.answering(MULTIPART, RELATED.replace("MIME", "other")), f"{FAILED}.invalid_message"),
    "nothing": (soap.answering(b""), f"{FAILED}.invalid_soap"),
    "no header field": (
        soap.answering(ANSWER.replace(b"<x:id>VN-1</x:id>", b"")),
        f"{FAILED}.missing_header_field",
    ),
    "two elements": (soap.answering(ANSWER.replace(b"<S:Body>", b"<S:Body><p/>")), f"{FAILED}.invalid_body"),
    "status 502": (soap.answering(ANSWER, status=502), f"{FAILED}.http_error"),
}


@pytest.mark.parametrize("name", SERVICE)
def test_what_a_service_does_wrong_is_told_as_its_failure(tmp_path: Path, name: str) -> None:
    answer, code = SERVICE[name]
    pair = soap_pair(tmp_path, service_answer=answer)
    assert call(pair).fault.code == code
    assert soap.kinds(pair) == [("client", False), ("server", False)]


@pytest.mark.parametrize("code", ["unknown_host", "network_error", "io_error", "ssl_authentication_failed"])
def test_a_service_that_cannot_be_reached_has_failed(tmp_path: Path, code: str) -> None:
    def unreachable(_: ServiceCall) -> HttpClientResponse:
        raise Fault(code, "in the way of the call")

    pair = soap_pair(tmp_path, service_answer=unreachable)
    assert call(pair).fault.code == f"{FAILED}.{code}"
    assert dict(pair.answer_headers[0])[b"Content-Type"] == b"text/xml;charset=utf-8"


@pytest.mark.parametrize("status", [200, 500])
def test_a_fault_of_the_service_goes_to_the_system_as_it_is(tmp_path: Path, status: int) -> None:
    """Unsigned, as the only part of a multipart that names the service's own content type."""
    pair = soap_pair(tmp_path, service_answer=soap.answering(FAULT, "text/xml;charset=UTF-8", status=status))
    assert call(pair).body == FAULT
    headers = dict(pair.answer_headers[0])
    assert headers[b"x-original-content-type"] == b"text/xml;charset=UTF-8"
    parts = soap.parts_of(headers[b"Content-Type"].decode(), pair.answers[0])
    assert [(start.content_type, body) for start, body in parts] == [(XML, FAULT)]


def test_a_fault_is_counted_as_a_failure_and_not_as_an_exchange(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path, service_answer=soap.answering(FAULT))
    call(pair)
    counters = pair.means.observer.counters
    assert (counters["server_failures"], counters["server_exchanges"], counters["client_exchanges"]) == (1, 0, 0)


def test_a_fault_in_another_charset_is_called_so_to_the_end(tmp_path: Path) -> None:
    fault = FAULT.decode().replace('"1.0"', '"1.0" encoding="ISO-8859-1"').replace("Không có công dân này", "Hòa?")
    answer = soap.answering(fault.encode("latin-1"), "text/xml; charset=ISO-8859-1", status=500)
    told = call(soap_pair(tmp_path, service_answer=answer))
    assert told.body == fault.encode("latin-1")
    assert told.headers == {"content-type": "text/xml; charset=ISO-8859-1", "soapaction": ""}


def test_a_fault_in_a_multipart_is_passed_on_without_the_multipart(tmp_path: Path) -> None:
    content_type, body = related(FAULT, part_type='application/xop+xml; type="text/xml"')
    assert call(soap_pair(tmp_path, service_answer=soap.answering(body, content_type))).body == FAULT


def test_only_the_request_hash_is_added_to_the_answer(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    told = call(pair)
    assert told.message.request_hash is not None
    algorithm, value = told.message.request_hash
    added = f'<x:requestHash algorithmId="{algorithm}">{value}</x:requestHash>'.encode()
    assert told.body.replace(added, b"") == ANSWER


def test_a_request_hash_of_the_services_own_making_is_dropped(tmp_path: Path) -> None:
    forged = '<x:requestHash algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">foo</x:requestHash>'
    told = call(soap_pair(tmp_path, service_answer=soap.answering(response_to(envelope(), more=forged))))
    assert b"foo" not in told.body
    assert told.message.request_hash is not None


def test_a_service_is_asked_by_post_without_any_coding(tmp_path: Path) -> None:
    """Source: recordings ``soap/simple``: 3-service-request."""
    pair = soap_pair(tmp_path)
    call(pair)
    asked = pair.asked[0]
    assert (asked.method, asked.url) == ("POST", "http://127.0.3.1:9000/soap")
    assert asked.headers == ((b"SOAPAction", b""), (b"accept-encoding", b""), (b"Content-Type", XML.encode()))
    assert not isinstance(asked.body, bytes), "sent in chunks"


METASERVICES = {"listMethods", "allowedMethods"}


@pytest.mark.parametrize("code", sorted(METASERVICES))
def test_metaservices_need_no_right(tmp_path: Path, code: str) -> None:
    pair = soap_pair(tmp_path)
    told = call(pair, envelope(service=ServiceId(LEGACY, code), body=f"<x:{code}/>"))
    assert told.message.body_name == f"{code}Response"
    assert soap.kinds(pair) == [("client", False), ("server", False), ("server", True), ("client", True)]


Change = Callable[[bytes], bytes]
PEER: dict[str, tuple[Change, str]] = {
    "the envelope": (lambda data: data.replace(b"001088000018", b"001088000019"), "signature_verification."),
    "the envelope is not XML": (lambda data: data.replace(b"</S:Envelope>", b""), "service_failed.invalid_soap"),
    "its type": (lambda data: data.replace(b": text/xml", b": text/html"), "service_failed.invalid_content_type"),
    "another server is meant": (
        lambda data: data.replace(
            b"<x:userId>",
            b'<x:securityServer i:objectType="SERVER"><i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV'
            b"</i:memberClass><i:memberCode>1</i:memberCode><i:serverCode>ss9</i:serverCode></x:securityServer>"
            b"<x:userId>",
        ),
        "service_failed.invalid_security_server",
    ),
    "the signature is gone": (
        lambda data: data[: data.index(b"content-type: signature") - 46] + data[-46 + 2 :],
        "missing_signature",
    ),
    "no part at all": (lambda data: b"", "missing_soap"),
    "an attachment": (lambda data: data.replace(b"photo", b"foto?"), "signature_verification."),
    "an attachment is gone": (
        lambda data: data.replace(b"--xatt", b"--gone"),
        "signature_verification.",
    ),
}


@pytest.mark.parametrize("name", PEER)
def test_a_request_altered_on_the_way_is_not_served(tmp_path: Path, name: str) -> None:
    alter, code = PEER[name]
    pair = soap_pair(tmp_path, on_the_way=alter)
    content_type, body = related(envelope(), b"photo")
    assert call(pair, body, content_type).fault.code.startswith(f"server.serverproxy.{code}")
    assert (pair.asked, soap.kinds(pair)) == ([], [("client", False)])


ANSWERS: dict[str, tuple[Change, str]] = {
    "the envelope": (lambda data: data.replace(b"001088000018", b"001088000019"), "signature_verification."),
    "no envelope": (lambda data: b"", "missing_soap"),
    "not XML": (lambda data: data.replace(b"</S:Envelope>", b""), "service_failed.invalid_soap"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_altered_on_the_way_is_not_delivered(tmp_path: Path, name: str) -> None:
    alter, code = ANSWERS[name]
    pair = soap_pair(tmp_path, altered=alter)
    assert call(pair).fault.code.startswith(f"server.clientproxy.{code}")
    assert len(pair.logged) == 3


def test_an_answer_to_another_request_is_not_delivered(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    call(pair)
    pair.altered = lambda _: pair.answers[0]
    assert call(pair, envelope(message_id="VN-2")).fault.code == (
        "server.clientproxy.service_failed.inconsistent_response"
    )
    assert call(pair, envelope() + b"\n").fault.code == "server.clientproxy.inconsistent_response"


BARE = {
    "ordinary SOAP": (ANSWER, XML, "service_failed.invalid_message"),
    "nothing": (b"", XML, "service_failed.invalid_soap"),
    "no body": (ANSWER[: ANSWER.index(b"<S:Body>")] + b"</S:Envelope>", XML, "service_failed.missing_body"),
    "another type": (ANSWER, "text/html", "service_failed.invalid_content_type"),
    "no boundary": (ANSWER, "multipart/mixed", "service_failed.invalid_content_type"),
}


@pytest.mark.parametrize("name", BARE)
def test_what_the_other_server_does_wrong_is_told_as_its_failure(tmp_path: Path, name: str) -> None:
    body, content_type, code = BARE[name]

    @asynccontextmanager
    async def misbehaving(*_: object) -> AsyncIterator[HttpClientResponse]:
        yield world.answer_with(body, (b"Content-Type", content_type.encode()))

    pair = soap_pair(tmp_path)
    pair.exchange = misbehaving  # type: ignore[method-assign,assignment]  # the network is the pair's own port
    assert call(pair).fault.code == f"server.clientproxy.{code}"


def test_what_does_not_say_that_it_is_rest_is_soap(tmp_path: Path) -> None:
    """A REST message without ``x-road-message-type`` has no envelope."""
    pair = Pair(tmp_path)
    asyncio.run(pair.call(b"pets/pets/1"))
    headers = [(name, value) for name, value in pair.hops[0] if name != b"x-road-message-type"]
    assert told_by_server(pair, "POST", headers, pair.sent[0]) == "server.serverproxy.missing_soap"


def test_a_fault_in_place_of_a_request_is_no_request(tmp_path: Path) -> None:
    pair = soap_pair(tmp_path)
    call(pair)
    start, end = pair.sent[0].index(b"<?xml"), pair.sent[0].index(b"</S:Envelope>") + len(b"</S:Envelope>")
    sent = pair.sent[0][:start] + FAULT + pair.sent[0][end:]
    assert told_by_server(pair, "POST", pair.hops[0], sent) == "server.serverproxy.missing_soap"


def test_a_get_between_the_servers_is_refused(tmp_path: Path) -> None:
    assert told_by_server(soap_pair(tmp_path), "GET", (), b"") == "server.serverproxy.invalid_http_method"


def told_by_server(pair: Pair, method: str, headers: Headers, body: bytes) -> str:
    """The fault code with which the provider's server answers a transport message."""
    answer = asyncio.run(pair.arrive(method, headers, body))
    assert isinstance(answer.body, bytes)
    return parse_soap_fault(answer.body).code
