"""getOpenAPI: server addresses reduced to paths, in JSON and in YAML text."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.exchange.recordings import index, live, split_http

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.metadata.methods import ListedService, ServiceType
from lienthong.exchange.metadata.openapi import asked_service, reduce_servers, require_open_api

POPULATION = ClientId("VN", "GOV", "000.00.00.G01", "population")

ADDRESSES = [
    ("http://127.0.3.1:9000/pets", "/pets"),
    ("https://host.noi-bo.vn", "/"),
    ("https://host/v1?x=1#y", "/v1"),
    ("//host/v1", "/v1"),
    ("{scheme}://{host}:{port}/v1/{tenant}", "/v1/{tenant}"),
    ("/relative", "/relative"),
    ("https://user:secret@host/a/b", "/a/b"),
]


@pytest.mark.parametrize(("url", "path"), ADDRESSES)
def test_json_servers_are_reduced_everywhere(url: str, path: str) -> None:
    document = {
        "openapi": "3.0.3",
        "info": {"description": url},
        "servers": [{"url": url, "description": "a"}],
        "paths": {"/x": {"servers": [{"url": url}], "get": {"servers": [{"url": url}]}}},
    }
    reduced = json.loads(reduce_servers(json.dumps(document).encode(), content_type="application/json"))
    assert reduced["servers"] == [{"url": path, "description": "a"}]
    assert reduced["paths"] == {"/x": {"servers": [{"url": path}], "get": {"servers": [{"url": path}]}}}
    assert reduced["info"] == document["info"]


@pytest.mark.parametrize(("url", "path"), ADDRESSES)
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_yaml_servers_are_reduced_line_by_line(url: str, path: str, quote: str) -> None:
    before = "openapi: 3.0.3\ninfo:\n  description: see http://keep.example/me\n"
    after = "paths:\n  /x:\n    get:\n      summary: http://keep.example/me\n"
    yaml = f"{before}servers:\n# note\n- url: {quote}{url}{quote}\n\n  description: a\n{after}"
    expected = f"{before}servers:\n# note\n- url: {quote}{path}{quote}\n\n  description: a\n{after}"
    assert reduce_servers(yaml.encode(), content_type="application/yaml").decode() == expected


def test_nested_and_flow_style_yaml() -> None:
    yaml = (
        "paths:\n  /x:\n    servers:\n      - description: a\n        url: http://h:1/x\n    get: {}\n"
        "servers: [{url: 'http://h/y', description: z}, {url: http://h}]\nx: http://keep/me\n"
    )
    assert reduce_servers(yaml.encode(), content_type="text/vnd.yaml").decode() == (
        "paths:\n  /x:\n    servers:\n      - description: a\n        url: /x\n    get: {}\n"
        "servers: [{url: '/y', description: z}, {url: /}]\nx: http://keep/me\n"
    )


def test_the_recorded_description_loses_its_address() -> None:
    _, _, document = split_http(live("meta/rest-getOpenAPI", "4-service-response.http"))
    assert reduce_servers(document, content_type="application/yaml") == document.replace(b"http://127.0.3.1:9000", b"")


def test_json_under_another_content_type_is_still_json() -> None:
    document = b'\xef\xbb\xbf {"servers":[{"url":"http://h/x"}]}'
    assert json.loads(reduce_servers(document, content_type="text/plain")) == {"servers": [{"url": "/x"}]}


def test_servers_of_another_shape_are_left_or_searched() -> None:
    document = {"servers": {"servers": [{"url": "http://h/x"}, "a", {"url": 1}]}, "tags": [{"name": "http://h/x"}]}
    reduced = reduce_servers(json.dumps(document).encode(), content_type="application/json")
    assert json.loads(reduced) == {
        "servers": {"servers": [{"url": "/x"}, "a", {"url": 1}]},
        "tags": [{"name": "http://h/x"}],
    }


@pytest.mark.parametrize("document", [b"{", b"\xff", b"[" * 100_000])
def test_documents_that_cannot_be_read(document: bytes) -> None:
    with pytest.raises(Fault) as refused:
        reduce_servers(document, content_type="application/json")
    assert refused.value.code == "internal_error"


@given(
    st.lists(st.sampled_from(["servers:", "- url: http://h/x", "  ", "\n", "x: 1", "{", "#", "\r\n", "[", "ạ"])).map(
        "".join
    )
)
def test_any_text_comes_back_without_more_lines(text: str) -> None:
    try:
        reduced = reduce_servers(text.encode(), content_type="application/yaml").decode()
    except Fault:
        return
    if text.lstrip()[:1] != "{":
        assert reduced.count("\n") == text.count("\n")


def test_an_unknown_service_is_refused_as_recorded() -> None:
    recorded = index()["meta/rest-getOpenAPI-unknown"]
    with pytest.raises(Fault) as refused:
        require_open_api(asked_service(b"serviceCode=none", provider=POPULATION), None)
    fault = refused.value.prefixed("server", "serverproxy")
    assert (fault.code, fault.message) == (recorded["fault_code"], recorded["fault_string"])


def test_only_services_with_a_description_have_one() -> None:
    pets = ServiceId(POPULATION, "pets")
    described = ListedService(service=pets, service_type=ServiceType.OPENAPI)
    assert require_open_api(pets, described) is described
    with pytest.raises(Fault, match="Invalid service type: REST"):
        require_open_api(pets, ListedService(service=pets, service_type=ServiceType.REST))


@pytest.mark.parametrize("query", [None, b"", b"serviceCode=", b"x=1"])
def test_a_service_code_is_obligatory(query: bytes | None) -> None:
    with pytest.raises(Fault, match="serviceCode"):
        asked_service(query, provider=POPULATION)


def test_a_long_word_where_an_address_belongs_is_passed_by_once() -> None:
    document = b"servers:\n  - url: " + b"a.b" * 100_000 + b"\n"
    started = time.process_time()
    assert reduce_servers(document, content_type="application/yaml") == document
    assert time.process_time() - started < 2
