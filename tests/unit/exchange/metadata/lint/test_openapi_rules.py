"""Every rule for OpenAPI, by a document that breaks it alone."""

import copy
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared

from lienthong.exchange.metadata.lint import lint_openapi, words_of

GOOD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Dân cư", "version": "1", "description": "Tra cứu công dân."},
    "servers": [{"url": "https://population.example.vn/api"}],
    "paths": {
        "/persons/{number}": {
            "summary": "Công dân",
            "x-note": {"get": 1},
            "get": {
                "operationId": "person",
                "summary": "Một công dân",
                "responses": {"200": {"$ref": "#/components/responses/a~1b"}},
            },
        },
        "x-more": {"get": {}},
    },
    "components": {"responses": {"a/b": {"description": "d"}}, "schemas": {"s": {"properties": {"$ref": {}}}}},
}
GET = ("paths", "/persons/{number}", "get")


def changed(*path: str, **values: object) -> dict[str, Any]:
    """The good document with values put at a place; None takes one away."""
    document = copy.deepcopy(GOOD)
    place = document
    for name in path:
        place = place[name]
    for name, value in values.items():
        place.pop(name.replace("__", "$"), None)
        if value is not None:
            place[name.replace("__", "$")] = value
    return document


SECOND = {"operationId": "person", "description": "d", "responses": {"200": {}}}
BROKEN = [
    ("openapi_version", changed(openapi="2.0"), "/openapi", "is 2.0"),
    ("openapi_version", changed(openapi=None, swagger="2.0"), "", "is 2.0"),
    ("openapi_version", changed(openapi=None), "", "is –"),
    ("openapi_version", changed(openapi="3.2.0"), "/openapi", "is 3.2.0"),
    ("info_missing", changed("info", title=None, version=""), "/info", "title, version"),
    ("undescribed", changed("info", description=" "), "/info", "no description"),
    ("no_paths", changed(paths={}), "/paths", "no operation"),
    ("no_paths", changed(paths=[1]), "/paths", "no operation"),
    ("no_paths", changed(paths=None), "", "no operation"),
    ("path_slash", changed("paths", persons={"get": SECOND}), "/paths/persons", "persons"),
    ("method_unknown", changed("paths", "/persons/{number}", GET=SECOND), "/paths/~1persons~1{number}/GET", "GET"),
    ("responses_missing", changed(*GET, responses=None), "/paths/~1persons~1{number}/get", "GET /persons"),
    ("operation_undescribed", changed(*GET, summary=""), "/paths/~1persons~1{number}/get", "GET /persons"),
    (
        "duplicate_operation",
        changed("paths", "/persons/{number}", post=SECOND),
        "/paths/~1persons~1{number}/post/operationId",
        "person is already that of GET",
    ),
    ("servers_missing", changed(servers=None), "", "no servers"),
    ("server_address", changed(servers=[{"url": "/api"}]), "/servers/0/url", "/api"),
    ("ref_unresolved", changed(*GET, more={"$ref": "#/components/x"}), "/paths/~1persons~1{number}/get/more/$ref", "x"),
    ("ref_unresolved", changed("info", more=[{"$ref": "#/servers/7"}]), "/info/more/0/$ref", "#/servers/7"),
    ("ref_outside", changed("info", more={"$ref": "common.yaml#/a"}), "/info/more/$ref", "common.yaml"),
]


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["json", "yaml"])
@pytest.mark.parametrize(("rule", "document", "pointer", "cause"), BROKEN)
def test_each_rule_is_broken_alone(rule: str, document: object, pointer: str, cause: str, write: Any) -> None:
    (finding,) = lint_openapi(write(document).encode())
    assert (finding.rule, finding.pointer) == (rule, pointer)
    assert cause in words_of(finding, "en").cause
    assert (finding.line is None) == (write is json.dumps)


@pytest.mark.parametrize("version", ["3.0.4", "3.1.0", "3.0.0-rc1"])
def test_a_good_description_has_nothing_wrong(version: str) -> None:
    document = changed(openapi=version)
    assert lint_openapi(json.dumps(document).encode()) == ()
    assert lint_openapi(yaml.safe_dump(document, allow_unicode=True).encode()) == ()


def test_yaml_places_have_lines() -> None:
    text = "openapi: 3.0.4\ninfo:\n  title: a\n  version: 1\n  description: d\nservers: [{url: http://h}]\npaths:\n"
    text += "  /a:\n    get:\n      summary: s\n      responses: {200: {$ref: '#/x'}}\n"
    (finding,) = lint_openapi(text.encode())
    assert finding.place == "11:/paths/~1a/get/responses/200/$ref"


UNREADABLE = [
    (b"\xff", None), (b"a: \x03", None), (b"[]", 1), (b"text", 1), (b"", 1), (b'{"a":', 1), (b"a: [1", None), (b"a: b\nc: d: e", 2),
    (b"a: &x [1]\nb: *x", 2), (b"[" * 100_000, None), (b" " * (10 * 1024 * 1024 + 1), None),
]  # fmt: skip


@pytest.mark.parametrize(("document", "line"), UNREADABLE)
def test_what_cannot_be_read(document: bytes, line: int | None) -> None:
    (finding,) = lint_openapi(document)
    assert finding.rule == "not_openapi"
    assert line in {None, finding.line}


def test_aliases_of_aliases_are_refused_at_the_first() -> None:
    laughs = "\n".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, 12))
    (finding,) = lint_openapi(f"x0: &x0 ha\n{laughs}".encode())
    assert finding.line == 2
    assert "aliases" in words_of(finding, "en").cause


@pytest.mark.parametrize("name", ["security-server.yaml", "central-server.yaml"])
def test_the_descriptions_of_x_roads_own_interfaces(name: str) -> None:
    rules = {finding.rule for finding in lint_openapi(shared(f"xroad/openapi/{name}").read_bytes())}
    assert rules == {"server_address", "ref_outside"}


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
TREES = st.recursive(
    LEAVES,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(
            st.sampled_from(["paths", "/a", "get", "$ref", "servers", "url", "info", "openapi", "x"]), below
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["paths", "servers", "info", "openapi", "components"]), TREES))
def test_any_values_at_any_place_are_judged(document: dict[str, object]) -> None:
    for finding in lint_openapi(json.dumps(document).encode()):
        for language in ("vi", "en"):
            assert words_of(finding, language).cause
