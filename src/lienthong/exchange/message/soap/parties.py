"""Identifiers and the represented party, read from header blocks.

Source: message-path dossier s.1.3, s.2.7.
"""

from __future__ import annotations

from functools import lru_cache

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.documents import Element

_PARTS = {
    f"{{{names.IDENTIFIERS}}}{part}": part
    for part in (
        "xRoadInstance",
        "memberClass",
        "memberCode",
        "subsystemCode",
        "serviceCode",
        "serviceVersion",
        "serverCode",
    )
}
_PARTY_PARTS = {f"{{{names.REPRESENTATION}}}{part}": part for part in ("partyClass", "partyCode")}


def read_client(block: Element) -> ClientId:
    """The client; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    kind = _kind(block, "MEMBER", "SUBSYSTEM")
    parts = _parts(block, _PARTS)
    if (kind == "SUBSYSTEM") != ("subsystemCode" in parts):
        raise Fault("invalid_xml", f"SOAP header field client says {kind}, and its subsystemCode says otherwise")
    return _client(block.tag, *_owner(parts), parts.get("subsystemCode"))


def read_service(block: Element) -> ServiceId:
    """The service; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    _kind(block, "SERVICE")
    parts = _parts(block, _PARTS)
    client = _client(block.tag, *_owner(parts), parts.get("subsystemCode"))
    return _service(client, parts.get("serviceCode", ""), parts.get("serviceVersion"))


def read_server(block: Element | None) -> SecurityServerId | None:
    """The security server asked for; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    if block is None:
        return None
    _kind(block, "SERVER")
    parts = _parts(block, _PARTS)
    try:
        return SecurityServerId(_client(block.tag, *_owner(parts), None), parts.get("serverCode", ""))
    except IdentifierError as exc:
        raise _unreadable(block.tag, exc) from exc


def read_party(block: Element | None) -> RepresentedParty | None:
    """The represented party; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    if block is None:
        return None
    parts = _parts(block, _PARTY_PARTS)
    if not parts.get("partyCode", "").strip():
        raise Fault("invalid_xml", "SOAP header field representedParty has no partyCode")
    return RepresentedParty(party_code=parts["partyCode"], party_class=parts.get("partyClass"))


def _kind(block: Element, *allowed: str) -> str:
    kind = block.get(names.OBJECT_TYPE)
    if kind is None:
        raise Fault("invalid_xml", "Missing objectType attribute")
    if kind not in allowed:
        raise Fault("invalid_xml", f"Unexpected objectType: {kind[:100]}")
    return kind


def _parts(block: Element, known: dict[str, str]) -> dict[str, str]:
    parts: dict[str, str] = {}
    for child in block:
        if len(child):
            raise Fault("invalid_xml", f"SOAP header field {names.local(block.tag)} has elements nested too deep")
        part = known.get(child.tag)
        if part in parts:
            raise Fault("duplicate_header_field", f"SOAP header contains duplicate field '{child.tag}'")
        if part is not None:
            parts[part] = child.text or ""
    return parts


def _owner(parts: dict[str, str]) -> tuple[str, str, str]:
    return parts.get("xRoadInstance", ""), parts.get("memberClass", ""), parts.get("memberCode", "")


@lru_cache(maxsize=4096)
def _client(field: str, instance: str, member_class: str, member_code: str, subsystem: str | None) -> ClientId:
    try:
        return ClientId(instance, member_class, member_code, subsystem)
    except IdentifierError as exc:
        raise _unreadable(field, exc) from exc


@lru_cache(maxsize=4096)
def _service(client: ClientId, code: str, version: str | None) -> ServiceId:
    try:
        return ServiceId(client, code, version)
    except IdentifierError as exc:
        raise _unreadable(names.SERVICE, exc) from exc


def _unreadable(field: str, exc: IdentifierError) -> Fault:
    return Fault("invalid_xml", f"SOAP header field {names.local(field)} cannot be read: {exc}")
