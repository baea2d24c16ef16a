"""Rules for OpenAPI 3.0 and 3.1 documents of X-Road services.

Source: OpenAPI 3.0.4, 3.1.1 s.4; RFC 6901; PR-MREST s.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from lienthong.exchange.metadata.lint.findings import Finding
from lienthong.exchange.metadata.lint.words import is_http_address
from lienthong.exchange.metadata.openapi_document import (
    METHODS,
    OpenApiDocument,
    UnreadableOpenApiError,
    found_at,
    open_openapi,
    pointer_to,
)

_VERSION = re.compile(r"3\.[01](\.\d+)?(-.*)?")
_BESIDE_METHODS = frozenset({"$ref", "summary", "description", "servers", "parameters"})
_FIELDS = 200_000
"""Most values looked at in one document."""

Places = Iterator[tuple[str, dict[str, str]]]


def lint_openapi(document: bytes) -> tuple[Finding, ...]:
    """Everything that is wrong with an OpenAPI document, rule by rule."""
    try:
        opened = open_openapi(document)
    except UnreadableOpenApiError as exc:
        return (Finding(rule="not_openapi", line=exc.line, values={"detail": str(exc)}),)
    return tuple(
        Finding(rule=rule, line=opened.line_of(pointer), pointer=pointer, values=values)
        for rule, broken in _RULES.items()
        for pointer, values in broken(opened)
    )


def _version(opened: OpenApiDocument) -> Places:
    told = opened.root.get("openapi", opened.root.get("swagger"))
    if not _VERSION.fullmatch(str(told)):
        yield ("/openapi" if "openapi" in opened.root else ""), {"version": "–" if told is None else str(told)}


def _info_missing(opened: OpenApiDocument) -> Places:
    info = opened.root.get("info")
    told: Mapping[str, object] = info if isinstance(info, dict) else {}
    missing = [name for name in ("title", "version") if not told.get(name)]
    if missing:
        yield ("/info" if told else ""), {"names": ", ".join(missing)}


def _undescribed(opened: OpenApiDocument) -> Places:
    info = opened.root.get("info")
    if not (isinstance(info, dict) and str(info.get("description") or "").strip()):
        yield "/info" if isinstance(info, dict) else "", {}


def _operation_undescribed(opened: OpenApiDocument) -> Places:
    for each in opened.operations():
        if not any(str(each.value.get(name) or "").strip() for name in ("summary", "description")):
            yield each.pointer, {"operation": each.name}


def _no_paths(opened: OpenApiDocument) -> Places:
    if not any(True for _ in opened.operations()):
        yield "/paths" if "paths" in opened.root else "", {}


def _path_slash(opened: OpenApiDocument) -> Places:
    for path in opened.paths():
        if not path.startswith(("/", "x-")):
            yield pointer_to("paths", path), {"path": path}


def _method_unknown(opened: OpenApiDocument) -> Places:
    for path, item in opened.paths().items():
        for name in item if path.startswith("/") else ():
            if name not in METHODS and name not in _BESIDE_METHODS and not name.startswith("x-"):
                yield pointer_to("paths", path, name), {"path": path, "method": name}


def _responses_missing(opened: OpenApiDocument) -> Places:
    for each in opened.operations():
        responses = each.value.get("responses")
        if not (isinstance(responses, dict) and responses):
            yield each.pointer, {"operation": each.name}


def _servers_missing(opened: OpenApiDocument) -> Places:
    if not opened.servers():
        yield "", {}


def _server_address(opened: OpenApiDocument) -> Places:
    for position, address in enumerate(opened.servers()):
        if "{" not in address and not is_http_address(address):
            yield pointer_to("servers", str(position), "url"), {"address": address}


def _duplicate_operation(opened: OpenApiDocument) -> Places:
    seen: dict[str, str] = {}
    for each in opened.operations():
        named = each.value.get("operationId")
        if not isinstance(named, str):
            continue
        if named in seen:
            yield f"{each.pointer}/operationId", {"id": named, "first": seen[named]}
        seen.setdefault(named, each.name)


def _ref_unresolved(opened: OpenApiDocument) -> Places:
    for pointer, ref in _references(opened):
        if ref.startswith("#") and found_at(opened.root, ref[1:]) is None:
            yield pointer, {"ref": ref}


def _ref_outside(opened: OpenApiDocument) -> Places:
    yield from ((pointer, {"ref": ref}) for pointer, ref in _references(opened) if not ref.startswith("#"))


def _references(opened: OpenApiDocument) -> Iterator[tuple[str, str]]:
    """Every ``$ref`` with its pointer; a schema may have a property of that name, whose value is no text."""
    waiting: list[tuple[str, object]] = [("", opened.root)]
    looked_at = 0
    while waiting and looked_at < _FIELDS:
        pointer, value = waiting.pop()
        looked_at += 1
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield f"{pointer}/$ref", value["$ref"]
            waiting += [(pointer + pointer_to(str(name)), each) for name, each in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{position}", each) for position, each in reversed(list(enumerate(value)))]


_RULES: dict[str, Callable[[OpenApiDocument], Places]] = {
    "openapi_version": _version,
    "info_missing": _info_missing,
    "undescribed": _undescribed,
    "no_paths": _no_paths,
    "path_slash": _path_slash,
    "method_unknown": _method_unknown,
    "responses_missing": _responses_missing,
    "operation_undescribed": _operation_undescribed,
    "duplicate_operation": _duplicate_operation,
    "servers_missing": _servers_missing,
    "server_address": _server_address,
    "ref_unresolved": _ref_unresolved,
    "ref_outside": _ref_outside,
}
