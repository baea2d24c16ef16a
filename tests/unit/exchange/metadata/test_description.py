"""What a description offers, and how that differs from the settings."""

import json
from dataclasses import replace

import pytest
from tests.fakes.settings_files import COMPLETE, read
from tests.fakes.wsdl_documents import GOOD, wsdl

from lienthong.exchange.errors import Fault
from lienthong.exchange.metadata.description import Difference, compare, read_description, type_of
from lienthong.exchange.metadata.openapi_document import UnreadableOpenApiError
from lienthong.exchange.metadata.wsdl import DescribedService
from lienthong.exchange.serverconf.settings import Endpoint, ServiceType

PETS = read(COMPLETE).clients[0].services[3]
PERSONS = read(COMPLETE).clients[1].services[:2]
ADDRESS = "http://127.0.3.1:9000/soap"


def openapi(*operations: tuple[str, str], address: str = "http://127.0.3.1:9000/pets") -> bytes:
    paths: dict[str, dict[str, object]] = {}
    for method, path in operations:
        paths.setdefault(path, {})[method] = {}
    return json.dumps({"openapi": "3.1.0", "servers": [{"url": address}], "paths": paths}).encode()


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (GOOD.encode(), ServiceType.WSDL), (GOOD.encode("utf-16"), ServiceType.WSDL), (b"\xef\xbb\xbf \n<a/>", ServiceType.WSDL),
        (openapi(), ServiceType.OPENAPI), (b"openapi: 3.0.4", ServiceType.OPENAPI), (b"", ServiceType.OPENAPI),
    ],
)  # fmt: skip
def test_markup_is_wsdl_and_all_else_openapi(document: bytes, kind: ServiceType) -> None:
    assert type_of(document) is kind


def test_a_wsdl_that_says_what_the_settings_say() -> None:
    described = read_description(wsdl("getPerson/v1", "getPerson/v2").encode())
    assert described.type is ServiceType.WSDL
    difference = compare(described, PERSONS)
    assert difference == Difference()
    assert difference.is_empty


def test_services_come_and_go() -> None:
    difference = compare(read_description(wsdl("getPerson/v2", "getPerson").encode()), PERSONS)
    assert difference.added == (DescribedService(code="getPerson", address=ADDRESS),)
    assert difference.removed == PERSONS[:1]
    assert not difference.is_empty


def test_another_address_is_told_and_is_no_difference_by_itself() -> None:
    described = read_description(wsdl("getPerson/v1", "getPerson/v2", address="http://h/new").encode())
    difference = compare(described, PERSONS)
    assert difference.addresses == tuple((service, "http://h/new") for service in PERSONS)
    assert difference.is_empty
    assert compare(read_description(wsdl("getPerson/v1", "getPerson/v2", address="").encode()), PERSONS).is_empty


def test_an_openapi_document_is_one_service_with_endpoints() -> None:
    document = openapi(("get", "/pets/{id}"), ("put", "/pets/{id}"), ("get", "/a*/{x}{y}"))
    described = read_description(document, code="pets")
    assert described.services == (DescribedService(code="pets", address="http://127.0.3.1:9000/pets"),)
    assert described.endpoints == (
        Endpoint(method="GET", path="/pets/*"),
        Endpoint(method="PUT", path="/pets/*"),
        Endpoint(method="GET", path="/a\\*/*"),
    )
    difference = compare(described, [PETS])
    assert (difference.added, difference.removed, difference.addresses) == ((), (), ())
    assert difference.endpoints_added == described.endpoints[1:]
    assert difference.endpoints_removed == (Endpoint(method="POST", path="/pets"),)


def test_an_openapi_document_without_servers_has_no_address() -> None:
    described = read_description(b"openapi: 3.0.4")
    assert described.services == (DescribedService(code=""),)
    assert compare(described, [replace(PETS, endpoints=())]).is_empty


def test_what_cannot_be_read() -> None:
    with pytest.raises(Fault, match="invalid_xml"):
        read_description(b"<a/>")
    with pytest.raises(UnreadableOpenApiError):
        read_description(b"text")
