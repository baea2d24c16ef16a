"""Which services a WSDL describes, and what callers may see of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.fakes.wsdl_documents import GOOD, wsdl
from tests.shared import shared
from tests.unit.exchange.recordings import live, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.metadata.wsdl import (
    DOCUMENTS_MAX,
    SHOWN_ADDRESS,
    DescribedService,
    read_wsdl,
    reduce_addresses,
)

ADDRESS = "http://127.0.3.1:9000/soap"


def names(document: str | bytes) -> list[str]:
    return [service.name for service in read_wsdl(document if isinstance(document, bytes) else document.encode())]


def test_operations_are_services_with_their_versions_and_address() -> None:
    assert read_wsdl(wsdl("getPerson/v1", "helloMtom").encode()) == (
        DescribedService(code="getPerson", version="v1", address=ADDRESS),
        DescribedService(code="helloMtom", version=None, address=ADDRESS),
    )


def test_versions_of_one_code_are_several_services() -> None:
    assert names(GOOD) == ["getPerson/v1", "getPerson/v2", "getRandom/v1"]


def test_a_service_that_two_ports_offer_counts_once() -> None:
    port = f'<wsdl:port name="b" binding="tns:legacy"><soap:address location="{ADDRESS}/b"/></wsdl:port>'
    twice = GOOD.replace("</wsdl:service>", f"{port}</wsdl:service>")
    assert read_wsdl(twice.encode()) == read_wsdl(GOOD.encode())


NO_SERVICE = {
    "no port": GOOD.replace("wsdl:port ", "wsdl:other ").replace("</wsdl:port>", "</wsdl:other>"),
    "a port of no binding": GOOD.replace('binding="tns:legacy"', 'binding="tns:other"'),
    "a binding of another namespace": GOOD.replace('binding="tns:legacy"', 'binding="xrd:legacy"'),
    "SOAP 1.2 only": GOOD.replace("wsdl/soap/", "wsdl/soap12/"),
    "an operation without a name": wsdl(""),
}


@pytest.mark.parametrize("document", NO_SERVICE.values(), ids=NO_SERVICE)
def test_what_no_soap_port_offers_is_no_service(document: str) -> None:
    assert read_wsdl(document.encode()) == ()


REAL = {
    "managementservices.wsdl": ["clientReg", "clientDeletion", "clientDisable", "clientEnable", "clientRename",
                                "authCertDeletion", "ownerChange", "addressChange", "maintenanceModeEnable",
                                "maintenanceModeDisable"],
    "monitoring.wsdl": ["getSecurityServerMetrics"],
    "op-monitoring.wsdl": ["getSecurityServerOperationalData", "getSecurityServerHealthData"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "codes"), REAL.items(), ids=REAL)
def test_the_descriptions_of_x_roads_own_services(name: str, codes: list[str]) -> None:
    document = shared(f"xroad/schemas/{name}").read_bytes()
    assert names(document) == codes
    shown = reduce_addresses(document)
    assert {service.address for service in read_wsdl(shown)} == {SHOWN_ADDRESS}
    assert names(shown) == codes


def test_callers_see_what_a_genuine_server_shows_them() -> None:
    document = split_http(live("meta/soap-getWsdl", "4-service-response.http"))[2]
    shown = split_http(live("meta/soap-getWsdl", "6-consumer-response.http"))[2]
    assert b"\r\n\r\n" + reduce_addresses(document) + b"\r\n--xroad" in shown
    assert read_wsdl(document) == (DescribedService(code="getPerson", version="v1", address=ADDRESS),)


@pytest.mark.parametrize("binding", ["soap", "soap12", "http"])
def test_no_address_of_any_binding_is_shown(binding: str) -> None:
    shown = reduce_addresses(GOOD.replace("wsdl/soap/", f"wsdl/{binding}/").encode())
    assert b"127.0.3.1" not in shown
    assert SHOWN_ADDRESS.encode() in shown


def test_an_address_without_a_location_is_left() -> None:
    bare = GOOD.replace(f'<soap:address location="{ADDRESS}"/>', "<soap:address/>")
    assert b"<soap:address/>" in reduce_addresses(bare.encode())
    assert read_wsdl(bare.encode())[0].address == ""


IMPORTING = wsdl("here").replace(
    "<wsdl:types>", '<wsdl:import namespace="urn:vn:legacy" location="part.wsdl"/><wsdl:types>'
)


def test_imports_are_followed_only_through_the_function_given() -> None:
    fetched: list[str] = []

    def fetch(location: str) -> bytes | None:
        fetched.append(location)
        return {"part.wsdl": wsdl("there/v2").encode()}.get(location)

    assert names(IMPORTING) == ["here"]
    assert [service.name for service in read_wsdl(IMPORTING.encode(), fetch=fetch)] == [
        "here"
    ]  # its binding's name is taken
    other = wsdl("there/v2").replace("legacy", "other")
    assert [s.name for s in read_wsdl(IMPORTING.encode(), fetch=lambda _: other.encode())] == ["here", "there/v2"]
    assert [s.name for s in read_wsdl(IMPORTING.encode(), fetch=lambda _: None)] == ["here"]
    assert fetched == ["part.wsdl"]


def test_imports_in_a_circle_end() -> None:
    fetched: list[str] = []

    def fetch(location: str) -> bytes:
        fetched.append(location)
        return IMPORTING.replace("part.wsdl", f"part{len(fetched) % 50}.wsdl").encode()

    read_wsdl(IMPORTING.encode(), fetch=fetch)
    assert len(fetched) == DOCUMENTS_MAX - 1
    assert read_wsdl(IMPORTING.encode(), fetch=lambda _: IMPORTING.encode())


@pytest.mark.parametrize("location", ["file:///etc/hostname", "http://127.82.65.1:9/x", "//host/x", "../../x"])
def test_no_location_is_opened_by_the_reader_itself(location: str) -> None:
    asked: list[str] = []
    document = IMPORTING.replace("part.wsdl", location)
    read_wsdl(document.encode(), fetch=asked.append)
    assert asked == [location]


REFUSED = {
    "nothing": b"",
    "no XML": b"openapi: 3.0.3",
    "cut": GOOD.encode()[:500],
    "another document": b"<definitions/>",
    "WSDL 2.0": b'<description xmlns="http://www.w3.org/ns/wsdl"/>',
    "a document type": b"<!DOCTYPE x><x/>",
}


@pytest.mark.parametrize("document", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("read", [read_wsdl, reduce_addresses])
def test_what_is_no_wsdl_is_refused(read: object, document: bytes) -> None:
    assert callable(read)
    with pytest.raises(Fault, match="invalid_xml: The WSDL cannot be read"):
        read(document)


CODES = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@given(
    st.lists(st.tuples(CODES, CODES | st.just("")), unique=True, max_size=5), st.text(alphabet="abc:/?.", max_size=9)
)
def test_what_is_written_is_read_and_no_address_survives(services: list[tuple[str, str]], place: str) -> None:
    address = f"http://noi-bo.example.vn/{place}"
    written = [f"{code}/{version}" if version else code for code, version in services]
    document = wsdl(*written, address=address).encode()
    found = read_wsdl(document)
    assert [service.name for service in found] == written
    assert {service.address for service in found} <= {address}
    shown = reduce_addresses(document)
    assert b"noi-bo" not in shown
    before, after = etree.fromstring(document), etree.fromstring(shown)
    assert [element.tag for element in before.iter()] == [element.tag for element in after.iter()]
