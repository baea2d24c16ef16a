"""SOAP envelopes of X-Road, written and read with the standard library alone.

Source: message-path dossier s.1.3, s.2.7; SOAP 1.1 s.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId

Element = ElementTree.Element
Payload = Element | bytes
"""The one element of a SOAP body: a tree, or its XML in UTF-8 without a declaration, sent as it is."""

CONTENT_TYPE = "text/xml; charset=UTF-8"
DEPTH_MAX = 256
"""Elements inside one another in what is read."""
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_XROAD = "http://x-road.eu/xsd/xroad.xsd"
_ID = "http://x-road.eu/xsd/identifiers"
_PARTY = "http://x-road.eu/xsd/representation.xsd"
_LINE_END = {"\r": "&#13;"}
"""Else a reader takes it for a line feed. Source: XML 1.0 s.2.11."""
_MEMBER_FIELDS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")
_ENVELOPE = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{_SOAP}" xmlns:xrd="{_XROAD}"'
    f' xmlns:id="{_ID}">\n<SOAP-ENV:Header>%b</SOAP-ENV:Header>\n<SOAP-ENV:Body>%b</SOAP-ENV:Body>\n'
    "</SOAP-ENV:Envelope>"
).encode()
_FAULT = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{_SOAP}"><SOAP-ENV:Body>'
    "<SOAP-ENV:Fault><faultcode>{}</faultcode><faultstring>{}</faultstring>{}</SOAP-ENV:Fault></SOAP-ENV:Body>"
    "</SOAP-ENV:Envelope>"
)


class EnvelopeError(ExchangeError):
    """What was received is no SOAP message of X-Road."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapHeaders:
    """The X-Road header blocks of a SOAP message, the same in a request and in its answer."""

    client: ClientId
    """Who asks."""
    service: ServiceId
    """What is asked for."""
    message_id: str
    """``id``: the same in both message logs."""
    user_id: str = ""
    """The officer who asks; empty leaves the block out."""
    issue: str = ""
    """The dossier or legal basis; empty leaves the block out."""
    protocol_version: str = "4.0"
    represented_party: str = ""
    """``code`` or ``class/code`` of the party the client speaks for; empty leaves the block out."""
    security_server: SecurityServerId | None = None
    """The one server of the provider that shall answer."""

    def write(self) -> str:
        """The blocks as XML, the prefixes ``xrd`` and ``id`` bound outside."""
        server = self.security_server
        blocks = [
            _identifier("client", self.client.object_type, _members(self.client)),
            _identifier("service", "SERVICE", _members(self.service.client) + _service(self.service)),
            "" if server is None else _identifier("securityServer", "SERVER", _members(server.owner) + _server(server)),
            _party(self.represented_party),
            _text("xrd:userId", self.user_id),
            _text("xrd:issue", self.issue),
            _text("xrd:id", self.message_id),
            _text("xrd:protocolVersion", self.protocol_version),
        ]
        return "".join(blocks)

    @classmethod
    def read(cls, header: Element) -> Self:
        """Read the blocks; raises EnvelopeError or IdentifierError where they are not X-Road's."""
        return cls(
            client=_read_client(_block(header, "client")),
            service=_read_service(_block(header, "service")),
            message_id=_value(header, f"{{{_XROAD}}}id"),
            user_id=_value(header, f"{{{_XROAD}}}userId"),
            issue=_value(header, f"{{{_XROAD}}}issue"),
            protocol_version=_value(header, f"{{{_XROAD}}}protocolVersion"),
            represented_party=_read_party(header.find(f"{{{_PARTY}}}representedParty")),
            security_server=_read_server(header.find(f"{{{_XROAD}}}securityServer")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultBody:
    """A SOAP fault in place of an answer."""

    code: str
    message: str
    actor: str
    detail: str
    """All text below ``detail``."""
    element: Element
    """The fault itself, for what a service says below ``detail``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """An envelope as read."""

    headers: SoapHeaders
    body: Element
    """The one element of the body."""


def write_envelope(headers: SoapHeaders, payload: Payload) -> bytes:
    """One SOAP message in UTF-8; raises ValueError where bytes are a whole document rather than its one element."""
    if isinstance(payload, bytes) and payload.lstrip().startswith(b"<?"):
        raise ValueError("a payload is one element, without an XML declaration")
    inside = payload if isinstance(payload, bytes) else ElementTree.tostring(payload)
    return _ENVELOPE % (headers.write().encode(), inside)


def write_fault(code: str, message: str, *, detail: str = "") -> bytes:
    """A fault of a service, which security servers hand on as it is. Source: SOAP 1.1 s.4.4."""
    below = f"<detail>{escape(detail)}</detail>" if detail else ""
    return _FAULT.format(escape(code), escape(message), below).encode()


def read_envelope(data: bytes) -> Envelope | FaultBody:
    """Read a message whole.

    Raises:
        EnvelopeError: it is no SOAP 1.1 envelope with X-Road's header and one element in its body; a document type,
            an entity or too deep a tree is refused before it is built.
    """
    root = parse_safely(data)
    if root.tag != f"{{{_SOAP}}}Envelope":
        raise EnvelopeError("the document is no SOAP 1.1 envelope")
    bodies = root.findall(f"{{{_SOAP}}}Body")
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise EnvelopeError("the envelope has not one body with one element")
    fault = bodies[0].find(f"{{{_SOAP}}}Fault")
    if fault is not None:
        return _read_fault(fault)
    headers = root.findall(f"{{{_SOAP}}}Header")
    if len(headers) != 1:
        raise EnvelopeError("the envelope has not one header")
    return Envelope(headers=SoapHeaders.read(headers[0]), body=bodies[0][0])


def parse_safely(data: bytes) -> Element:
    """Parse XML without a document type and at most DEPTH_MAX elements deep; raises EnvelopeError."""
    try:
        return ElementTree.fromstring(data, ElementTree.XMLParser(target=_SafeTree()))  # noqa: S314 - see _SafeTree
    except (ElementTree.ParseError, LookupError, ValueError) as exc:
        raise EnvelopeError(f"not well-formed XML: {exc}") from exc


class _SafeTree(ElementTree.TreeBuilder):
    """Stops at a document type, without which there are no entities, and at too many elements inside one another."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, public_id: str | None, system_id: str | None) -> None:
        raise EnvelopeError("a document type is refused")

    def start(self, tag: str, attributes: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise EnvelopeError(f"more than {DEPTH_MAX} elements inside one another")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def _read_fault(fault: Element) -> FaultBody:
    def text(name: str) -> str:
        found = fault.find(name)
        return "" if found is None else "".join(found.itertext()).strip()

    names = ("faultcode", "faultstring", "faultactor", "detail")
    code, message, actor, detail = map(text, names)
    return FaultBody(code=code, message=message, actor=actor, detail=detail, element=fault)


def _block(header: Element, name: str) -> Element:
    found = header.findall(f"{{{_XROAD}}}{name}")
    if len(found) != 1:
        raise EnvelopeError(f"the header has not one {name}")
    return found[0]


def _value(parent: Element, name: str) -> str:
    return (parent.findtext(name) or "").strip()


def _read_client(block: Element) -> ClientId:
    instance, member_class, member_code, subsystem = (_value(block, f"{{{_ID}}}{name}") for name in _MEMBER_FIELDS)
    return ClientId(instance, member_class, member_code, subsystem or None)


def _read_service(block: Element) -> ServiceId:
    code, version = (_value(block, f"{{{_ID}}}service{name}") for name in ("Code", "Version"))
    return ServiceId(_read_client(block), code, version or None)


def _read_server(block: Element | None) -> SecurityServerId | None:
    return None if block is None else SecurityServerId(_read_client(block), _value(block, f"{{{_ID}}}serverCode"))


def _read_party(block: Element | None) -> str:
    if block is None:
        return ""
    fields = (_value(block, f"{{{_PARTY}}}{name}") for name in ("partyClass", "partyCode"))
    return "/".join(filter(None, fields))


def _identifier(name: str, object_type: str, fields: str) -> str:
    return f"<xrd:{name} id:objectType={quoteattr(object_type)}>{fields}</xrd:{name}>"


def _members(client: ClientId) -> str:
    return "".join(_text(f"id:{name}", value) for name, value in zip(_MEMBER_FIELDS, client.parts, strict=False))


def _service(service: ServiceId) -> str:
    version = _text("id:serviceVersion", service.service_version or "")
    return _text("id:serviceCode", service.service_code) + version


def _server(server: SecurityServerId) -> str:
    return _text("id:serverCode", server.server_code)


def _party(value: str) -> str:
    if not value:
        return ""
    party_class, _, code = value.rpartition("/")
    fields = _text("rep:partyClass", party_class) + _text("rep:partyCode", code)
    return f'<rep:representedParty xmlns:rep="{_PARTY}">{fields}</rep:representedParty>'


def _text(name: str, value: str) -> str:
    return f"<{name}>{escape(value, _LINE_END)}</{name}>" if value else ""
