"""Who sends, found in whatever bytes a message is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.signing import MESSAGE
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.message.soap_header import is_rest, read_soap_header, signer_of

ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:x="http://x-road.eu/xsd/xroad.xsd"
 xmlns:i="http://x-road.eu/xsd/identifiers"><s:Header>
<x:client i:objectType="SUBSYSTEM"><i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV</i:memberClass>
<i:memberCode>H10</i:memberCode><i:subsystemCode>onestop</i:subsystemCode></x:client>
<x:service i:objectType="SERVICE"><i:xRoadInstance>VN</i:xRoadInstance><i:memberClass>GOV</i:memberClass>
<i:memberCode>G01</i:memberCode><i:serviceCode>getPerson</i:serviceCode><i:serviceVersion>v1</i:serviceVersion>
</x:service><x:id>m-1</x:id></s:Header><s:Body/></s:Envelope>"""
HASH = '<x:requestHash algorithmId="http://www.w3.org/2001/04/xmlenc#sha512">AAAA</x:requestHash></s:Header>'


def test_request_and_response() -> None:
    header = read_soap_header(ENVELOPE.encode())
    assert header.client == ClientId("VN", "GOV", "H10", "onestop")
    assert header.service == ServiceId(ClientId("VN", "GOV", "G01"), "getPerson", "v1")
    assert header.message_id == "m-1"
    assert header.signer == header.client
    answer = read_soap_header(ENVELOPE.replace("</s:Header>", HASH).encode())
    assert answer.signer == ClientId("VN", "GOV", "G01")


def test_signer_of_any_message() -> None:
    assert signer_of(ENVELOPE.encode()) == signer_of(b"\xef\xbb\xbf" + ENVELOPE.encode())
    assert signer_of(MESSAGE) == ClientId("VN", "GOV", "000.00.00.H10", "onestop")
    block = (
        b"200\r\nOK\r\nx-road-id:m\r\nx-road-client:VN/GOV/H10/onestop\r\nx-road-service:VN/GOV/G01/population/svc\r\n"
        b"x-road-request-id:r\r\nx-road-request-hash:AAAA\r\n"
    )
    assert signer_of(block) == ClientId("VN", "GOV", "G01", "population")
    assert is_rest(block)
    assert not is_rest(ENVELOPE.encode())


@pytest.mark.parametrize("name", ["soap/simple", "soap/attachment", "soap/bom", "soap/utf16"])
def test_genuine_messages(name: str) -> None:
    folder = shared(f"fixtures/xroad/live/{name}")
    body = (folder / "1-consumer-request.http").read_bytes().partition(b"\r\n\r\n")[2]
    start = max(body.find(b"<?xml"), 0)
    if name in {"soap/simple"}:
        assert signer_of(body[start:]).subsystem_code == "onestop"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</s:Envelope>", "", "invalid_soap"),
        ("<s:Envelope", "<!DOCTYPE x><s:Envelope", "invalid_soap"),
        ("soap/envelope/", "soap/other/", "invalid_soap"),
        ("s:Header>", "s:Head>", "missing_header"),
        ("x:client", "x:klient", "missing_header_field"),
        ("<x:id>", '<x:client i:objectType="MEMBER"/><x:id>', "duplicate_header_field"),
        ('i:objectType="SUBSYSTEM"', "", "invalid_xml"),
        ('i:objectType="SUBSYSTEM"', 'i:objectType="SERVICE"', "invalid_xml"),
        ('i:objectType="SERVICE"', 'i:objectType="MEMBER"', "invalid_xml"),
        ("<i:subsystemCode>onestop</i:subsystemCode>", "", "invalid_xml"),
        ("<i:memberCode>H10</i:memberCode>", "", "invalid_xml"),
        ("<i:memberCode>H10", "<i:memberCode>x</i:memberCode><i:memberCode>H10", "invalid_xml"),
        ("H10</i:memberCode>", "H<!-- -->10</i:memberCode>", "invalid_xml"),
    ],
)
def test_refused(old: str, new: str, code: str) -> None:
    assert old in ENVELOPE
    with pytest.raises(Fault) as caught:
        read_soap_header(ENVELOPE.replace(old, new).encode())
    assert caught.value.code == code


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_noise(noise: bytes) -> None:
    with pytest.raises(Fault):
        signer_of(noise)
