"""listMethods, allowedMethods and getWsdl in SOAP, as a genuine provider's server answered them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import exchange_pair as world
from tests.fakes.exchange_pair import Pair
from tests.fakes.settings_files import SERVER, read
from tests.unit.exchange.recordings import index, live, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ServiceId
from lienthong.exchange.message.soap import SoapMessage, parse_soap, with_request_hash
from lienthong.exchange.security.attachments import SoapAnswer
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.serverproxy.soap_metaservices import answer_soap_metaservice

LEGACY_SERVICES = "".join(
    f"""
[[client.service]]
code = "{code}"
{version}
type = "WSDL"
url = "http://127.0.3.1:9000/soap"
wsdl = "{place}"

[[client.service.access]]
subject = "{subject}"
"""
    for code, version, place, subject in [
        ("getPerson", 'version = "v1"', "http://127.0.3.1:9000/legacy.wsdl", "VN/GOV/000.00.00.H10/onestop"),
        ("getRandom", 'version = "v1"', "http://127.0.3.1:9000/legacy.wsdl", "VN/GOV/000.00.00.H10/onestop"),
        ("helloMtom", "", "legacy.wsdl", "VN/GOV/000.00.00.H10/onestop"),
        ("faulty", 'version = "v1"', "http://127.0.3.1:9000/legacy.wsdl", "VN/GOV/000.00.00.H10/onestop"),
        ("closed", "", "legacy.wsdl", "VN/GOV/000.00.00.H10/norights"),
    ]
)
"""Of the provider of the recordings, with one more that the recorded caller may not use."""


def provider(folder: Path) -> Pair:
    legacy = '\n[[client]]\nid = "VN/GOV/000.00.00.G01/legacy"\n'
    own = world.snapshot_of()
    settings = read(SERVER + legacy + LEGACY_SERVICES)
    return Pair(
        folder / "spool",
        own=replace(own, settings=replace(settings, data=folder), access=type(own.access).prepare(settings)),
    )


def recorded(case: str) -> SoapMessage:
    envelope = split_http(live(f"meta/{case}", "1-consumer-request.http"))[2]
    message = parse_soap(envelope, content_type="text/xml; charset=UTF-8")
    assert isinstance(message, SoapMessage)
    return message


def asked_for(request: SoapMessage, code: str, *versions: str) -> SoapMessage:
    version = "".join(f"<xrd:serviceVersion>{each}</xrd:serviceVersion>" for each in versions)
    asked = f"<xrd:getWsdl><xrd:serviceCode>{code}</xrd:serviceCode>{version}</xrd:getWsdl>"
    before, _, rest = request.envelope.decode().partition("<xrd:getWsdl>")
    envelope = before + asked + rest.partition("</xrd:getWsdl>")[2]
    message = parse_soap(envelope.encode(), content_type=request.content_type)
    assert isinstance(message, SoapMessage)
    return message


def answer(pair: Pair, request: SoapMessage) -> SoapAnswer:
    return asyncio.run(answer_soap_metaservice(pair.means, pair.own, request, Bodies(pair.means.spool)))


def sent(request: SoapMessage, answered: SoapAnswer) -> bytes:
    """The envelope as the provider's server sends it."""
    response = parse_soap(answered.envelope, content_type="text/xml")
    assert isinstance(response, SoapMessage)
    return with_request_hash(response, request.envelope)


def test_the_services_a_caller_may_use_to_the_byte(tmp_path: Path) -> None:
    request = recorded("soap-allowedMethods")
    answered = answer(provider(tmp_path), request)
    assert sent(request, answered) == split_http(live("meta/soap-allowedMethods", "6-consumer-response.http"))[2]
    assert (answered.content_type, answered.attachments) == ("text/xml; charset=UTF-8", ())


def test_every_service_is_listed_whoever_asks(tmp_path: Path) -> None:
    request = recorded("soap-listMethods")
    answered = sent(request, answer(provider(tmp_path), request))
    genuine = split_http(live("meta/soap-listMethods", "6-consumer-response.http"))[2]
    before, _, closed = answered.rpartition(b"<xrd:service ")
    assert b"<id:serviceCode>closed</id:serviceCode></xrd:service>" in closed
    assert before + closed[closed.index(b"</xrd:listMethodsResponse>") :] == genuine


def test_the_wsdl_beside_what_was_asked(tmp_path: Path) -> None:
    pair, request = provider(tmp_path), recorded("soap-getWsdl")
    document = split_http(live("meta/soap-getWsdl", "4-service-response.http"))[2]
    pair.service_answer = lambda _: world.answer_with(document)
    answered = answer(pair, request)
    (wsdl,) = answered.attachments
    _, headers, genuine = split_http(live("meta/soap-getWsdl", "6-consumer-response.http"))
    _, envelope, attachment, _ = genuine.split(b"--xroadbQCiSbzUuhsUeBNtirZjSBNfArjtCG")
    assert sent(request, answered) == envelope.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
    head, _, body = attachment.partition(b"\r\n\r\n")
    assert asyncio.run(wsdl.body.read_small(10_000)) == body.removesuffix(b"\r\n")
    unique = wsdl.headers.partition(b"=")[2].partition(b"@")[0]
    ours = f"\r\ncontent-type:{wsdl.content_type}\r\n".encode() + wsdl.headers.replace(
        unique, b"e6e9b44d-a180-496c-8288-e33366f59186"
    )
    assert ours == head + b"\r\n"
    told = next(value for name, value in headers if name == b"Content-Type").decode()
    assert answered.content_type == told.partition("xroad")[0] + "xroad" + "A" * 30
    assert [call.url for call in pair.asked] == ["http://127.0.3.1:9000/legacy.wsdl"]


def test_the_refusal_is_the_recorded_one(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        answer(provider(tmp_path), recorded("soap-getWsdl-unknown"))
    told = caught.value.prefixed("server.serverproxy")
    case = index()["meta/soap-getWsdl-unknown"]
    assert (told.code, told.message) == (case["fault_code"], case["fault_string"])


REFUSALS = [
    (("getPerson",), "unknown_service"),  # its version is part of its name
    (("getPerson", "v2"), "unknown_service"),
    ((" ",), "invalid_request"),
    (("helloMtom",), "adapter_wsdl_not_found"),  # its file is not there
]


@pytest.mark.parametrize(("asked", "code"), REFUSALS)
def test_refusals(tmp_path: Path, asked: tuple[str, ...], code: str) -> None:
    with pytest.raises(Fault) as caught:
        answer(provider(tmp_path), asked_for(recorded("soap-getWsdl"), *asked))
    assert caught.value.code == code


def test_a_wsdl_that_is_none_or_refused(tmp_path: Path) -> None:
    pair, request = provider(tmp_path), recorded("soap-getWsdl")
    for status, document, code in [(404, b"", "adapter_wsdl_not_found"), (200, b"<html>", "invalid_xml")]:
        pair.service_answer = lambda _, d=document, s=status: world.answer_with(d, status=s)  # type: ignore[misc]
        with pytest.raises(Fault) as caught:
            answer(pair, request)
        assert caught.value.code == code


def test_a_metaservice_that_soap_has_not(tmp_path: Path) -> None:
    envelope = recorded("soap-listMethods").envelope.replace(b"listMethods", b"getOpenAPI")
    request = parse_soap(envelope, content_type="text/xml")
    assert isinstance(request, SoapMessage)
    with pytest.raises(Fault, match="unknown_service"):
        answer(provider(tmp_path), request)
    assert request.service == ServiceId(request.service.client, "getOpenAPI")
