"""SOAP faults of services and servers: read, and kept as they came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared
from tests.unit.exchange.recordings import live

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.soap import parse_soap_fault


def envelope(body: str, prolog: str = "") -> bytes:
    return f'{prolog}<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">{body}</S:Envelope>'.encode()


def test_the_fault_of_a_service_keeps_actor_and_detail() -> None:
    data = envelope(
        "<S:Body><S:Fault><faultcode>soap:Server</faultcode><faultstring>Lỗi</faultstring><faultactor>a</faultactor>"
        "<detail><x>1</x><y>2</y></detail></S:Fault></S:Body>"
    )
    fault = parse_soap_fault(data)
    assert (fault.code, fault.message, fault.actor, fault.detail) == ("soap:Server", "Lỗi", "a", "12")
    assert fault.xml is data
    assert fault.to_fault().actor == "a"


def test_what_is_absent_is_empty() -> None:
    fault = parse_soap_fault(envelope("<S:Body><S:Fault/></S:Body>"))
    assert (fault.code, fault.message, fault.actor, fault.detail) == ("", "", "", "")


def test_the_niis_fixture_reads() -> None:
    data = shared("fixtures/xroad/transport/normal-soapfault.request").read_bytes()
    content = data.partition(b"\n\n")[2].partition(b"\n--xtop")[0]
    fault = parse_soap_fault(content)
    assert (fault.code, fault.message, fault.actor, fault.detail) == ("CODE", "STRING", "ACTOR", "DETAIL")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "invalid_soap"),
        (b"text", "invalid_soap"),
        (b"<a/>", "invalid_soap"),
        (envelope("<S:Body/>", "<!DOCTYPE x>"), "invalid_soap"),
        (envelope("<S:Body>&x;</S:Body>", '<!DOCTYPE x [<!ENTITY x "y">]>'), "invalid_soap"),
        (envelope("<S:Body>&x;</S:Body>", '<!DOCTYPE x SYSTEM "file:///etc/hostname">'), "invalid_soap"),
        (envelope(""), "missing_body"),
        (envelope("<S:Body/>"), "invalid_message"),
        (envelope("<S:Body><getState/></S:Body>"), "invalid_message"),
    ],
)
def test_bodies_that_are_no_fault(data: bytes, code: str) -> None:
    with pytest.raises(Fault) as refused:
        parse_soap_fault(data)
    assert refused.value.code == code


_PIECES = [
    "<S:Body>",
    "</S:Body>",
    "<S:Fault>",
    "</S:Fault>",
    "<faultcode>",
    "</faultcode>",
    "<!-- -->",
    "&amp;",
    "&x;",
    "a",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join).map(envelope) | st.binary(max_size=40))
def test_any_bytes_are_a_fault_or_refused(data: bytes) -> None:
    try:
        outcome = parse_soap_fault(data).xml
    except Fault as fault:
        outcome = fault.code
    assert outcome in {data, "invalid_soap", "missing_body", "invalid_message"}


def test_the_recorded_fault_of_a_service_is_relayed_as_it_came() -> None:
    data = live("soap/service-fault", "6-consumer-response.http").partition(b"\r\n\r\n")[2]
    start = data.index(b"<")
    fault = parse_soap_fault(data[start : data.rindex(b">") + 1])
    assert (fault.code, fault.message) == ("SOAP-ENV:Client", "Không có công dân này")
    assert fault.xml == data[start : data.rindex(b">") + 1]


def test_a_detail_is_its_id_or_else_all_its_text() -> None:
    detail = "<S:Fault><detail>a<b>c<faultDetail>no</faultDetail></b>{}d</detail></S:Fault>"
    with_id = envelope(f"<S:Body>{detail.format('<faultDetail>e<i>f</i></faultDetail>')}</S:Body>")
    without = envelope(f"<S:Body>{detail.format('')}</S:Body>")
    assert parse_soap_fault(with_id).detail == "ef"
    assert parse_soap_fault(without).detail == "acnod"


@pytest.mark.parametrize("prefix", ["", "S:", "q:"])
def test_children_of_a_fault_go_by_their_local_names_and_the_first_counts(prefix: str) -> None:
    code = f"<{prefix}faultcode xmlns:q='urn:q'>A</{prefix}faultcode>"
    assert parse_soap_fault(envelope(f"<S:Body><S:Fault>{code}{code.replace('A', 'B')}</S:Fault></S:Body>")).code == "A"


def test_a_fault_says_in_which_charset_it_is() -> None:
    data = envelope("<S:Body><S:Fault><faultstring>é</faultstring></S:Fault></S:Body>").decode().encode("latin-1")
    assert parse_soap_fault(data, content_type="text/xml; charset=ISO-8859-1").message == "é"
    with pytest.raises(Fault):
        parse_soap_fault(data)
