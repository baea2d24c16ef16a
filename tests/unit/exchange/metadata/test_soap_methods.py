"""Envelopes of SOAP metaservices: the request's headers again, and a body of our own."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.unit.exchange.recordings import live, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.message.soap import SoapMessage, compare_answer, parse_soap
from lienthong.exchange.metadata.soap_methods import (
    CONTENT_TYPE,
    answer_content_type,
    asked_service,
    get_wsdl_response,
    list_of_services,
    wsdl_headers,
)

MEMBER = ClientId("VN", "GOV", "000.00.00.G01")
XROAD = "{http://x-road.eu/xsd/xroad.xsd}"
BARE = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>{more}\
<client xmlns="http://x-road.eu/xsd/xroad.xsd" xmlns:i="http://x-road.eu/xsd/identifiers" i:objectType="MEMBER">\
<i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV</i:memberClass><i:memberCode>1</i:memberCode></client>\
<service xmlns="http://x-road.eu/xsd/xroad.xsd" xmlns:i="http://x-road.eu/xsd/identifiers" i:objectType="SERVICE">\
<i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV</i:memberClass><i:memberCode>2</i:memberCode>\
<i:serviceCode>{code}</i:serviceCode></service><x:id xmlns:x="http://x-road.eu/xsd/xroad.xsd">m&amp;1</x:id>\
<x:protocolVersion xmlns:x="http://x-road.eu/xsd/xroad.xsd">4.0</x:protocolVersion></s:Header>\
<s:Body>{body}</s:Body></s:Envelope>"""


def message(envelope: str | bytes, content_type: str = CONTENT_TYPE) -> SoapMessage:
    parsed = parse_soap(envelope if isinstance(envelope, bytes) else envelope.encode(), content_type=content_type)
    assert isinstance(parsed, SoapMessage)
    return parsed


def bare(code: str, body: str, more: str = "") -> SoapMessage:
    return message(BARE.format(code=code, body=body, more=more))


def recorded(case: str) -> SoapMessage:
    return message(split_http(live(f"meta/{case}", "1-consumer-request.http"))[2])


def test_prefixes_are_the_requests_own_or_declared() -> None:
    answer = list_of_services(bare("listMethods", "<listMethods/>"), [ServiceId(MEMBER, "a")])
    assert b'<xroad:listMethodsResponse xmlns:id="http://x-road.eu/xsd/identifiers" xmlns:xroad=' in answer
    assert b'<xroad:service id:objectType="SERVICE">' in answer
    compare_answer(bare("listMethods", "<listMethods/>"), message(answer))


def test_headers_unknown_here_are_told_again() -> None:
    token = '<t:securityToken xmlns:t="urn:t" t:tokenType="x">abc</t:securityToken><!-- note -->'
    answer = list_of_services(bare("listMethods", "<listMethods/>", token), [])
    assert token.encode() in answer
    assert b"Response></s:Body>" in answer


def test_a_request_in_another_character_set_is_answered_in_utf_8() -> None:
    text = BARE.format(code="listMethods", body="<listMethods/>", more="<n xmlns='urn:n'>Đà Nẵng</n>")
    answer = list_of_services(message(text.encode("utf-16"), "text/xml; charset=UTF-16"), [])
    assert "Đà Nẵng".encode() in answer
    assert answer.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope')


def test_get_wsdl_says_again_what_was_asked() -> None:
    request = recorded("soap-getWsdl")
    assert str(asked_service(request)) == "SERVICE:VN/GOV/000.00.00.G01/legacy/getPerson/v1"
    expected = "<xrd:getWsdlResponse><xrd:serviceCode>getPerson</xrd:serviceCode><xrd:serviceVersion>v1"
    assert expected.encode() in get_wsdl_response(request)


@pytest.mark.parametrize(
    "body",
    [
        "<getWsdl/>",
        '<x:getWsdl xmlns:x="http://x-road.eu/xsd/xroad.xsd"/>',
        '<x:getWsdl xmlns:x="http://x-road.eu/xsd/xroad.xsd"><x:serviceCode> </x:serviceCode></x:getWsdl>',
        '<x:getWsdlOther xmlns:x="http://x-road.eu/xsd/xroad.xsd"><x:serviceCode>a</x:serviceCode></x:getWsdlOther>',
    ],
)
def test_a_wsdl_of_nothing_cannot_be_asked_for(body: str) -> None:
    with pytest.raises(Fault, match="invalid_request"):
        asked_service(bare("getWsdl", body))


def test_an_empty_version_is_one_that_nobody_offers() -> None:
    asked = '<x:getWsdl xmlns:x="http://x-road.eu/xsd/xroad.xsd"><x:serviceCode>a</x:serviceCode>{}</x:getWsdl>'
    assert asked_service(bare("getWsdl", asked.format("<x:serviceVersion/>"))).service_version == ""
    assert asked_service(bare("getWsdl", asked.format(""))).service_version is None


def test_what_has_no_canonical_form_is_refused() -> None:
    with pytest.raises(Fault, match="invalid_soap"):
        list_of_services(bare("listMethods", "<listMethods/>", '<a xmlns="relative/name"/>'), [])


def test_an_envelope_that_cannot_be_opened_is_refused() -> None:
    cut = msgspec.structs.replace(bare("getWsdl", "<getWsdl/>"), envelope=b"<")
    with pytest.raises(Fault, match="invalid_soap: SOAP message cannot be read: line 1"):
        asked_service(cut)


def test_headers_of_the_wsdl() -> None:
    assert answer_content_type("xroadA") == 'multipart/related; type="text/xml"; charset=UTF-8; boundary=xroadA'
    assert wsdl_headers("u") == b"Content-ID: <wsdl=u@x-road.eu>\r\nContent-Transfer-Encoding: binary\r\n"


PARTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=10)
SERVICES = st.builds(ServiceId, st.builds(ClientId, PARTS, PARTS, PARTS, PARTS | st.none()), PARTS, PARTS | st.none())


@given(st.lists(SERVICES, max_size=4))
def test_every_service_is_read_as_it_was_meant(services: list[ServiceId]) -> None:
    request = bare("allowedMethods", "<allowedMethods/>")
    root = etree.fromstring(list_of_services(request, services))
    listed = root.findall(f".//{XROAD}allowedMethodsResponse/{XROAD}service")
    assert [tuple(child.text for child in each) for each in listed] == [service.parts for service in services]
