"""An OpenAPI document as values, and where each of them stands."""

import builtins
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.metadata.openapi_document import UnreadableOpenApiError, found_at, open_openapi, pointer_to

YAML = b"""\
openapi: 3.0.4
servers:
- url: http://a/b
- {description: none}
- text
paths:
  /a:
    get: {operationId: one}
    parameters: []
    POST: {}
  /b: text
  c: {get: {}}
  200: {get: {}}
"""


def test_operations_and_servers_in_order() -> None:
    opened = open_openapi(YAML)
    assert [(each.name, each.pointer) for each in opened.operations()] == [("GET /a", "/paths/~1a/get")]
    assert opened.servers() == ["http://a/b"]
    assert list(opened.paths()) == ["/a", "c", "200"]


def test_lines_are_those_of_keys_and_of_what_stands_around_them() -> None:
    opened = open_openapi(YAML)
    assert [opened.line_of(place) for place in ("", "/paths", "/paths/~1a/get/operationId/x", "/nothing")] == [
        1,
        6,
        8,
        1,
    ]
    assert open_openapi(b'{"paths":{}}').line_of("/paths") is None


def test_without_pyyaml_json_is_read_and_yaml_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: object) -> object:
        if name == "yaml":
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "yaml", raising=False)
    monkeypatch.setattr(builtins, "__import__", absent)
    assert open_openapi(b'{"openapi":"3.0.4"}').root == {"openapi": "3.0.4"}
    with pytest.raises(UnreadableOpenApiError, match="PyYAML"):
        open_openapi(YAML)


NAMES = st.text(max_size=5)


@given(st.lists(NAMES, max_size=4))
def test_a_pointer_leads_back(names: list[str]) -> None:
    value: object = "leaf"
    for name in reversed(names):
        value = {name: value}
    assert found_at(value, pointer_to(*names)) == "leaf"


def test_pointers_that_lead_nowhere() -> None:
    root = {"a": [1], 2: 3}
    assert found_at(root, "/a/0") == 1
    assert found_at(root, "/2") == 3
    assert [found_at(root, pointer) for pointer in ("/a/1", "/a/x", "/b", "/a/0/x")] == [None] * 4
