"""``listClients``: who can be found in an instance.

Source: PR-META s.2; message-path dossier s.7.1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qs
from xml.sax.saxutils import escape, quoteattr

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId

PATH = b"/listClients"
XML_CONTENT_TYPE = "text/xml; charset=UTF-8"
JSON_CONTENT_TYPE = "application/json; charset=utf-8"

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<ns2:clientList xmlns:ns1="http://x-road.eu/xsd/identifiers" xmlns:ns2="http://x-road.eu/xsd/xroad.xsd"'
)
_FIELDS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClient:
    """A member or subsystem, with the name of the member."""

    client: ClientId
    name: str
    subsystem_name: str | None = None
    """Of a subsystem that has one."""


def asked_instance(query: bytes | None, *, local_instance: str) -> str:
    """The instance that a query asks about: the local one where ``xRoadInstance`` is absent or blank."""
    values = parse_qs((query or b"").decode("utf-8", "replace")).get("xRoadInstance", [])
    return values[0] if values and values[0].strip() else local_instance


def unknown_instance(instance: str) -> Fault:
    """The refusal for an instance of which there is no configuration."""
    return Fault("internal_error", f"Shared params for instance identifier {instance} not found")


def wants_json(accept: Iterable[str]) -> bool:
    """Whether ``Accept`` names ``application/json`` anywhere, whatever its quality."""
    return any(
        entry.partition(";")[0].strip().lower() == "application/json" for value in accept for entry in value.split(",")
    )


def client_list_xml(clients: Iterable[ListedClient]) -> bytes:
    """The list as XML, laid out as running servers do."""
    members = "".join(map(_member_xml, clients))
    return (f"{_HEAD}>\n{members}</ns2:clientList>\n" if members else f"{_HEAD}/>\n").encode()


def _member_xml(listed: ListedClient) -> str:
    identifier = listed.client
    fields = "".join(
        f"            <ns1:{name}>{escape(value)}</ns1:{name}>\n"
        for name, value in zip(_FIELDS, identifier.parts, strict=False)
    )
    subsystem = _element("subsystemName", listed.subsystem_name) if listed.subsystem_name is not None else ""
    return (
        f"    <ns2:member>\n        <ns2:id ns1:objectType={quoteattr(identifier.object_type)}>\n{fields}"
        f"        </ns2:id>\n{_element('name', listed.name)}{subsystem}    </ns2:member>\n"
    )


def _element(name: str, value: str) -> str:
    return f"        <ns2:{name}>{escape(value)}</ns2:{name}>\n"


def client_list_json(clients: Iterable[ListedClient]) -> bytes:
    """The list as JSON; what a client has not is left out."""
    members = [_member_json(listed) for listed in clients]
    return json.dumps({"member": members}, ensure_ascii=False, separators=(",", ":")).encode()


def _member_json(listed: ListedClient) -> dict[str, object]:
    identifier = listed.client
    fields = {
        "member_class": identifier.member_class,
        "member_code": identifier.member_code,
        "object_type": identifier.object_type,
        "subsystem_code": identifier.subsystem_code,
        "xroad_instance": identifier.instance,
    }
    member: dict[str, object] = {"id": {name: value for name, value in fields.items() if value is not None}}
    member["name"] = listed.name
    if listed.subsystem_name is not None:
        member["subsystem_name"] = listed.subsystem_name
    return member
