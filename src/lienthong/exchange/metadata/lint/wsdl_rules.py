"""Rules for WSDL 1.1 documents of X-Road services.

Source: WSDL 1.1; PR-MESS v4.0 s.2, s.3; message-path dossier s.1.5, s.2.7, s.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from lienthong.exchange.errors import Fault
from lienthong.exchange.metadata.lint.findings import Finding
from lienthong.exchange.metadata.lint.words import is_http_address, odd_characters
from lienthong.exchange.metadata.wsdl import (
    SOAP_BINDING,
    WSDL,
    XROAD,
    Fetch,
    Operation,
    QualifiedName,
    definitions_of,
    open_wsdl,
    operations,
    resolved_name,
)
from lienthong.exchange.metadata.xml_document import UnreadableXmlError, open_xml
from lienthong.exchange.serverconf.access import RESERVED_SERVICES

_SCHEMA = "{http://www.w3.org/2001/XMLSchema}"
_HEADERS = ("client", "service", "id", "protocolVersion")
"""What every request must carry. Source: message-path dossier s.2.7."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A WSDL that is open, with what it imports."""

    opened: list[etree._Element]
    operations: tuple[Operation, ...]
    fetch: Fetch | None

    messages: Mapping[QualifiedName, etree._Element]
    port_types: Mapping[QualifiedName, etree._Element]


Places = Iterator[tuple[etree._Element, dict[str, str]]]


def lint_wsdl(document: bytes, *, fetch: Fetch | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with a WSDL, in the order of lines.

    Args:
        fetch: Gives imported documents; without it imports are neither followed nor judged.
    """
    try:
        root = open_xml(document)
    except UnreadableXmlError as exc:
        return (Finding(rule=exc.reason, line=exc.line, values={"detail": exc.detail}),)
    if root.tag != f"{{{WSDL}}}definitions":
        return (Finding(rule="not_wsdl", line=_line(root), values={"root": str(root.tag)}),)
    try:
        opened = open_wsdl(document, fetch=fetch)
    except Fault as fault:
        return (Finding(rule="import_unreadable", line=1, values={"detail": fault.message}),)
    sheet = Sheet(
        opened=opened,
        operations=tuple(operations(opened)),
        fetch=fetch,
        messages=definitions_of("message", opened),
        port_types=definitions_of("portType", opened),
    )
    findings = [
        Finding(rule=rule, line=_line(element), values=values)
        for rule, broken in _RULES.items()
        for element, values in broken(sheet)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.line or 0))


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)  # which the stubs leave without a type


def _no_operations(sheet: Sheet) -> Places:
    if not sheet.operations:
        yield sheet.opened[0], {}


def _unnamed(sheet: Sheet) -> Places:
    yield from ((each.element, {}) for each in sheet.operations if not each.code)


def _code_characters(sheet: Sheet) -> Places:
    for each in sheet.operations:
        if odd := odd_characters(each.code):
            yield each.element, {"code": each.code, "characters": odd}


def _code_reserved(sheet: Sheet) -> Places:
    yield from ((each.element, {"code": each.code}) for each in sheet.operations if each.code in RESERVED_SERVICES)


def _version_missing(sheet: Sheet) -> Places:
    yield from ((each.element, {"code": each.code}) for each in sheet.operations if each.code and not each.version)


def _version_characters(sheet: Sheet) -> Places:
    for each in sheet.operations:
        if odd := odd_characters(each.version or ""):
            yield each.element, {"code": each.code, "version": each.version or "", "characters": odd}


def _duplicate(sheet: Sheet) -> Places:
    seen: set[tuple[str, str | None]] = set()
    for each in sheet.operations:
        key = each.code, each.version
        if each.code and key in seen:
            yield each.element, {"code": each.code, "version": each.version or "–"}
        seen.add(key)


def _style_rpc(sheet: Sheet) -> Places:
    for each in sheet.operations:
        own = each.element.find(f"{{{SOAP_BINDING}}}operation")
        whole = each.binding.find(f"{{{SOAP_BINDING}}}binding")
        style = (None if own is None else own.get("style")) or (None if whole is None else whole.get("style"))
        if style == "rpc":
            yield each.element, {"code": each.code}


def _use_encoded(sheet: Sheet) -> Places:
    for each in sheet.operations:
        bodies = each.element.iterfind(f"*/{{{SOAP_BINDING}}}body")
        yield from ((body, {"code": each.code}) for body in bodies if body.get("use") == "encoded")


def _headers_missing(sheet: Sheet) -> Places:
    for each in sheet.operations:
        told = each.element.iterfind(f"{{{WSDL}}}input//{{{SOAP_BINDING}}}header")
        present = {_header_name(sheet, header) for header in told}
        missing = [name for name in _HEADERS if name not in present]
        if missing:
            yield each.element, {"code": each.code, "headers": ", ".join(missing)}


def _header_name(sheet: Sheet, header: etree._Element) -> str:
    """The X-Road header that a ``soap:header`` puts into the input; empty for any other."""
    message = sheet.messages.get(resolved_name(header, header.get("message") or ""))
    if message is None:
        return header.get("part") or ""  # in a document that is not at hand: its own name is all there is
    part = next((each for each in message if each.get("name") == header.get("part")), None)
    namespace, name = ("", "") if part is None else resolved_name(part, part.get("element") or "")
    return name if namespace == XROAD else ""


def _body_name(sheet: Sheet) -> Places:
    """The message's element must be named after the service. Source: message-path dossier s.2.7."""
    for each in sheet.operations:
        part = _body_part(sheet, each)
        _, name = ("", "") if part is None else resolved_name(part, part.get("element") or "")
        if part is not None and name and not name.startswith(each.code):
            yield part, {"code": each.code, "element": name}


def _body_part(sheet: Sheet, operation: Operation) -> etree._Element | None:
    """The part of the input message that becomes the body; None where it is not at hand or not one."""
    port_type = sheet.port_types.get(resolved_name(operation.binding, operation.binding.get("type") or ""))
    found = [] if port_type is None else port_type.findall(f"{{{WSDL}}}operation")
    asked = next((each.find(f"{{{WSDL}}}input") for each in found if each.get("name") == operation.code), None)
    message = None if asked is None else sheet.messages.get(resolved_name(asked, asked.get("message") or ""))
    parts = [] if message is None else message.findall(f"{{{WSDL}}}part")
    return parts[0] if len(parts) == 1 else None


def _address_missing(sheet: Sheet) -> Places:
    yield from ((port, {"port": port.get("name") or "–"}) for port, address in _addresses(sheet).items() if not address)


def _address_scheme(sheet: Sheet) -> Places:
    for port, address in _addresses(sheet).items():
        if address and not is_http_address(address):
            yield port, {"port": port.get("name") or "–", "address": address}


def _addresses(sheet: Sheet) -> dict[etree._Element, str]:
    return {each.port: each.address for each in sheet.operations}


def _import_missing(sheet: Sheet) -> Places:
    for element in (each for root in sheet.opened for each in root.iterfind(f"{{{WSDL}}}import")):
        location = (element.get("location") or "").strip()
        if sheet.fetch is not None and (not location or sheet.fetch(location) is None):
            yield element, {"location": location or "–"}


def _schema_missing(sheet: Sheet) -> Places:
    """A schema may import a namespace and name no place."""
    tags = (f"{_SCHEMA}import", f"{_SCHEMA}include", f"{_SCHEMA}redefine")
    for element in (each for root in sheet.opened for each in root.iter(*tags)):
        location = (element.get("schemaLocation") or "").strip()
        if location and sheet.fetch is not None and sheet.fetch(location) is None:
            yield element, {"location": location}


_RULES: dict[str, Callable[[Sheet], Places]] = {
    "no_operations": _no_operations,
    "operation_unnamed": _unnamed,
    "code_characters": _code_characters,
    "code_reserved": _code_reserved,
    "version_missing": _version_missing,
    "version_characters": _version_characters,
    "duplicate": _duplicate,
    "style_rpc": _style_rpc,
    "use_encoded": _use_encoded,
    "headers_missing": _headers_missing,
    "body_name": _body_name,
    "address_missing": _address_missing,
    "address_scheme": _address_scheme,
    "import_missing": _import_missing,
    "schema_missing": _schema_missing,
}
