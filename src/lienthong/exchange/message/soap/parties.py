"""Identifiers and the represented party, read from header blocks.

Source: message-path dossier s.1.3, s.2.7.
"""

from __future__ import annotations

from functools import lru_cache

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.outline import HeaderField

_PARTS = {
    f"{names.IDENTIFIERS}}}{part}": part
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
_PARTY_PARTS = {f"{names.REPRESENTATION}}}{part}": part for part in ("partyClass", "partyCode")}


def read_client(field: HeaderField) -> ClientId:
    """The client; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    kind = _kind(field, "MEMBER", "SUBSYSTEM")
    parts = _parts(field, _PARTS)
    if (kind == "SUBSYSTEM") != ("subsystemCode" in parts):
        raise Fault("invalid_xml", f"SOAP header field client says {kind}, and its subsystemCode says otherwise")
    return _client(field.name, *_owner(parts), parts.get("subsystemCode"))


def read_service(field: HeaderField) -> ServiceId:
    """The service; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    _kind(field, "SERVICE")
    parts = _parts(field, _PARTS)
    client = _client(field.name, *_owner(parts), parts.get("subsystemCode"))
    return _service(client, parts.get("serviceCode", ""), parts.get("serviceVersion"))


def read_server(field: HeaderField | None) -> SecurityServerId | None:
    """The security server asked for; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    if field is None:
        return None
    _kind(field, "SERVER")
    parts = _parts(field, _PARTS)
    try:
        return SecurityServerId(_client(field.name, *_owner(parts), None), parts.get("serverCode", ""))
    except IdentifierError as exc:
        raise _unreadable(field.name, exc) from exc


def read_party(field: HeaderField | None) -> RepresentedParty | None:
    """The represented party; raises Fault ``invalid_xml``, ``duplicate_header_field``."""
    if field is None:
        return None
    parts = _parts(field, _PARTY_PARTS)
    if not parts.get("partyCode", "").strip():
        raise Fault("invalid_xml", "SOAP header field representedParty has no partyCode")
    return RepresentedParty(party_code=parts["partyCode"], party_class=parts.get("partyClass"))


def _kind(field: HeaderField, *allowed: str) -> str:
    kind = field.attributes.get(names.OBJECT_TYPE)
    if kind is None:
        raise Fault("invalid_xml", "Missing objectType attribute")
    if kind not in allowed:
        raise Fault("invalid_xml", f"Unexpected objectType: {kind[:100]}")
    return kind


def _parts(field: HeaderField, known: dict[str, str]) -> dict[str, str]:
    if field.is_mixed:
        raise Fault("invalid_xml", f"SOAP header field {names.local(field.name)} has elements nested too deep")
    parts: dict[str, str] = {}
    for name, text in field.parts:
        part = known.get(name)
        if part in parts:
            shown = names.braced(name)
            raise Fault("duplicate_header_field", f"SOAP header contains duplicate field '{shown}'")
        if part is not None:
            parts[part] = text
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
