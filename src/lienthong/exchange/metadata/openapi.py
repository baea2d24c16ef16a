"""``getOpenAPI``: the description of a service, without the addresses at which the provider keeps it.

JSON is parsed and written again. YAML keeps its text: in every ``servers`` block, what stands before the path in an
address is cut out, and nothing else changes, so no YAML library judges what a provider wrote.
Source: PR-MREST s.4.3; message-path dossier s.7.5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId
from lienthong.exchange.metadata.methods import ListedService, ServiceType

_ADDRESS = re.compile(r"(?:[^/?#]*:)?//[^/?#]*")
_TEMPLATE = r"\{[^{}\s]*\}"
_CHARS = r"[^\s?#\"',\[\]{}%s]"
_AUTHORITY = rf"(?:{_TEMPLATE}|{_CHARS % '/'})*"
_PATH = rf"(?:{_TEMPLATE}|{_CHARS % ''})*"
_REST = rf"(?:[?#](?:{_TEMPLATE}|[?#]|{_CHARS % ''})*)?"
_ADDRESS_IN_TEXT = re.compile(rf"(?:(?:[A-Za-z]|{_TEMPLATE})[A-Za-z0-9+.\-]{{0,40}}:)?//{_AUTHORITY}(/{_PATH})?{_REST}")
_SERVERS_KEY = re.compile(r"(?P<indent>[ ]*)(?:- +)?[\"']?servers[\"']?[ ]*:(?P<rest>.*)", re.DOTALL)
_INDENT = re.compile(r"[ ]*")


def asked_service(query: bytes | None, *, provider: ClientId) -> ServiceId:
    """The service whose description a query asks for.

    Raises:
        Fault: ``internal_error`` without a usable ``serviceCode``.
    """
    values = parse_qs((query or b"").decode("utf-8", "replace")).get("serviceCode", [""])
    try:
        return ServiceId(provider, values[0])
    except IdentifierError:
        raise Fault("internal_error", "Missing serviceCode in message body: add ?serviceCode= to the request") from None


def require_open_api(service: ServiceId, listed: ListedService | None) -> ListedService:
    """The service, if it is there and has an OpenAPI description.

    Raises:
        Fault: ``internal_error``.
    """
    if listed is None:
        raise Fault("internal_error", f"Service not found: {service}")
    if listed.service_type is not ServiceType.OPENAPI:
        raise Fault(
            "internal_error", f"Invalid service type: {listed.service_type.value}; it has no OpenAPI description"
        )
    return listed


def reduce_servers(document: bytes, *, content_type: str) -> bytes:
    """The description with every server address reduced to its path.

    Args:
        content_type: As the description's server gave it: JSON where it says so, else YAML.
    Raises:
        Fault: ``internal_error`` when the document cannot be read.
    """
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault("internal_error", "The OpenAPI description is not UTF-8") from None
    if "json" in content_type.lower() or text.lstrip()[:1] == "{":
        return _reduce_json(text)
    return "".join(_reduced_lines(text.splitlines(keepends=True))).encode()


def _reduce_json(text: str) -> bytes:
    try:
        value = json.loads(text)
        reduced = _reduced(value)
    except (ValueError, RecursionError) as exc:
        raise Fault("internal_error", f"The OpenAPI description is not JSON: {exc}") from exc
    return json.dumps(reduced, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _reduced(value: object) -> object:
    if isinstance(value, dict):
        return {key: _reduced_servers(item) if key == "servers" else _reduced(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_reduced(item) for item in value]
    return value


def _reduced_servers(value: object) -> object:
    if not isinstance(value, list):
        return _reduced(value)
    return [
        {**item, "url": _path(item["url"])} if isinstance(item, dict) and isinstance(item.get("url"), str) else item
        for item in value
    ]


def _path(url: str) -> str:
    address = _ADDRESS.match(url)
    rest = url[address.end() :] if address else url
    path = re.split("[?#]", rest, maxsplit=1)[0]
    return path or "/"


def _reduced_lines(lines: list[str]) -> Iterator[str]:
    """Every line, addresses cut in those that belong to a ``servers`` key."""
    depth: int | None = None
    for line in lines:
        if depth is not None and _is_outside(line, depth):
            depth = None
        if depth is not None:
            yield _cut(line)
        elif key := _SERVERS_KEY.fullmatch(line):
            depth = len(key["indent"])
            yield line[: key.start("rest")] + _cut(key["rest"])
        else:
            yield line


def _is_outside(line: str, depth: int) -> bool:
    """Whether a line ends a block whose key stands at *depth*; list items may stand at the same depth."""
    content = line.strip()
    if not content or content.startswith("#"):
        return False
    indent = len(_INDENT.match(line)[0])  # type: ignore[index]  # the pattern matches anything
    return indent < depth or (indent == depth and content[0] not in "-]}")


def _cut(line: str) -> str:
    return _ADDRESS_IN_TEXT.sub(lambda found: found[1] or "/", line)
