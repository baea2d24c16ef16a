"""WSDL 1.1 as an exchange needs it: which services it describes, and the copy that callers may see.

Source: WSDL 1.1 s.2, s.3; PR-MESS v4.0 s.3 (xrd:version); message-path dossier s.6, s.7.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from lienthong.exchange.errors import Fault
from lienthong.exchange.metadata.xml_document import UnreadableXmlError, open_xml

WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP_BINDING = "http://schemas.xmlsoap.org/wsdl/soap/"
SOAP12_BINDING = "http://schemas.xmlsoap.org/wsdl/soap12/"
HTTP_BINDING = "http://schemas.xmlsoap.org/wsdl/http/"
XROAD = "http://x-road.eu/xsd/xroad.xsd"
SHOWN_ADDRESS = "http://example.org/xroad-endpoint"
"""What callers see in place of every address. Source: recordings meta/soap-getWsdl."""
DOCUMENTS_MAX = 32
"""Documents read for one description, imported ones included."""

_ADDRESSES = tuple(f"{{{namespace}}}address" for namespace in (SOAP_BINDING, SOAP12_BINDING, HTTP_BINDING))
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'

QualifiedName = tuple[str, str]
"""Namespace and local name."""
Fetch = Callable[[str], bytes | None]
"""Gives the document behind a location as it is written in an import; None where there is none to be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation that can be called: bound to SOAP 1.1 by a port."""

    element: etree._Element
    """The operation in its binding."""
    binding: etree._Element
    port: etree._Element

    @property
    def code(self) -> str:
        """Its name, which is the service code; empty where it has none."""
        return (self.element.get("name") or "").strip()

    @property
    def version(self) -> str | None:
        """The text of ``xrd:version``; None where it has none."""
        return (self.element.findtext(f"{{{XROAD}}}version") or "").strip() or None

    @property
    def address(self) -> str:
        """Where the port says that it listens."""
        found = self.port.find(f"{{{SOAP_BINDING}}}address")
        return "" if found is None else (found.get("location") or "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedService:
    """A service as a description knows it."""

    code: str
    version: str | None = None
    address: str = ""
    """Where it listens, as the description says."""

    @property
    def name(self) -> str:
        """Code, and version where there is one."""
        return self.code if self.version is None else f"{self.code}/{self.version}"


def read_wsdl(document: bytes, *, fetch: Fetch | None = None) -> tuple[DescribedService, ...]:
    """The services of a WSDL, each once, in its order.

    Args:
        fetch: Gives imported definitions; without it no import is followed.
    Raises:
        Fault: ``invalid_xml``: it, or what it imports, is no XML that is read here, or no WSDL 1.1.
    """
    found: dict[str, DescribedService] = {}
    for operation in operations(open_wsdl(document, fetch=fetch)):
        service = DescribedService(code=operation.code, version=operation.version, address=operation.address)
        if service.code:
            found.setdefault(service.name, service)
    return tuple(found.values())


def open_wsdl(document: bytes, *, fetch: Fetch | None = None) -> list[etree._Element]:
    """The definitions of a WSDL, and those it imports where *fetch* has them.

    Raises:
        Fault: ``invalid_xml``.
    """
    opened = [_definitions(document)]
    waiting, seen = list(imported_locations(opened[0])), set[str]()
    while fetch is not None and waiting and len(opened) < DOCUMENTS_MAX:
        location = waiting.pop(0)
        imported = None if location in seen else fetch(location)
        seen.add(location)
        if imported is not None:
            opened.append(_definitions(imported))
            waiting += imported_locations(opened[-1])
    return opened


def imported_locations(definitions: etree._Element) -> Iterator[str]:
    """Where the definitions that these import are said to be."""
    for element in definitions.iterfind(f"{{{WSDL}}}import"):
        yield (element.get("location") or "").strip()


def operations(opened: list[etree._Element]) -> Iterator[Operation]:
    """Every operation that a SOAP 1.1 port offers, port by port."""
    bindings = definitions_of("binding", opened)
    for port in (each for root in opened for each in root.iterfind(f"{{{WSDL}}}service/{{{WSDL}}}port")):
        binding = bindings.get(resolved_name(port, port.get("binding") or ""))
        if binding is not None and binding.find(f"{{{SOAP_BINDING}}}binding") is not None:
            for element in binding.iterfind(f"{{{WSDL}}}operation"):
                yield Operation(element=element, binding=binding, port=port)


def definitions_of(kind: str, opened: list[etree._Element]) -> dict[QualifiedName, etree._Element]:
    """The definitions of one kind by namespace and name; the first of a name counts."""
    found: dict[QualifiedName, etree._Element] = {}
    for root in opened:
        namespace = root.get("targetNamespace") or ""
        for element in root.iterfind(f"{{{WSDL}}}{kind}"):
            found.setdefault((namespace, element.get("name") or ""), element)
    return found


def resolved_name(element: etree._Element, name: str) -> QualifiedName:
    """Namespace and local name of a qualified name in an attribute of *element*."""
    prefix, _, local = name.strip().rpartition(":")
    return element.nsmap.get(prefix or None) or "", local


def reduce_addresses(document: bytes) -> bytes:
    """The description with every address of a port replaced; nothing else of it changes but its XML declaration.

    Raises:
        Fault: ``invalid_xml``.
    Source: message-path dossier s.7.3.
    """
    root = _definitions(document)
    for element in root.iter(*_ADDRESSES):
        if element.get("location") is not None:
            element.set("location", SHOWN_ADDRESS)
    return _DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _definitions(document: bytes) -> etree._Element:
    try:
        root = open_xml(document)
    except UnreadableXmlError as exc:
        raise Fault("invalid_xml", f"The WSDL cannot be read: {exc}") from exc
    if root.tag != f"{{{WSDL}}}definitions":
        raise Fault("invalid_xml", f"The WSDL cannot be read: it begins with {root.tag}, not with WSDL 1.1 definitions")
    return root
