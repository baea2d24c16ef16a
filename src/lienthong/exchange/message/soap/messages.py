"""A SOAP message as the exchange knows it: every header judged, in the order and with the codes of the protocol.

Source: PR-MESS v4.0 s.2; message-path dossier s.1.3, s.2.7.
"""

from __future__ import annotations

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.documents import Element, Sections, read_sections
from lienthong.exchange.message.soap.parties import read_client, read_party, read_server, read_service
from lienthong.exchange.message.soap.received_faults import SoapFault, fault_of

_MANDATORY = {
    names.PROTOCOL_VERSION: "Required field 'protocolVersion' is missing",
    names.CLIENT: "Required field 'client' is missing",
    names.MESSAGE_ID: "Required field 'id' is missing",
    names.SERVICE: "Message header must contain service id",
}
_PARTIES = (names.CLIENT, names.SERVICE)
_VERSION_PREFIX = "4."

_Fields = dict[str, tuple[int, Element]]
"""Name → which block of the Header it is, and the block."""


class SoapMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A SOAP request or response: its bytes, and what the exchange needs to know of them."""

    envelope: bytes
    """Exactly as received: signed, logged and forwarded so."""
    content_type: str
    """Of the SOAP part."""
    client: ClientId
    service: ServiceId
    message_id: str
    """``id``, as written."""
    user_id: str | None
    issue: str | None
    protocol_version: str
    """``4.`` and what follows."""
    represented_party: RepresentedParty | None
    security_server: SecurityServerId | None
    """The provider's server asked for, where one is."""
    request_hash: tuple[str, str] | None
    """Algorithm URI and base64 value, as written; what the provider's server adds to a response."""
    body_name: str
    """Local name of the one element in the Body."""
    places: tuple[int, int, int | None]
    """Which child of the envelope the Header is, and which blocks of the Header are the id and the request hash."""

    @property
    def signer(self) -> ClientId:
        """Whose signature the message carries: the service's client once a response has its request hash."""
        return self.client if self.request_hash is None else self.service.client


def parse_soap(envelope: bytes, *, content_type: str) -> SoapMessage | SoapFault:
    """Read and judge an envelope; one that holds a SOAP fault is that fault, whatever else it holds.

    Args:
        content_type: Of the SOAP part.
    Raises:
        Fault: base codes, of which the first that applies: ``invalid_content_type``, ``invalid_soap``,
            ``missing_header``, ``duplicate_header_field``, ``missing_header_field``, ``invalid_protocol_version``,
            ``invalid_xml`` (an identifier that is none), ``missing_body``, ``invalid_body``,
            ``inconsistent_headers`` (the body's element is not named after the service).
    Source: message-path dossier s.2.7.
    """
    sections = read_sections(envelope, content_type=content_type)
    fault = sections.fault
    if fault is not None:
        return fault_of(fault, envelope)
    fields = _fields(sections)
    message = _message(fields, sections, envelope, content_type)
    _require_body(sections, message)
    return message


def soap_signer(envelope: bytes, *, content_type: str) -> ClientId:
    """Whose signature an envelope carries, whatever else of it is missing or wrong.

    Raises:
        Fault: ``invalid_content_type``, ``invalid_soap``, ``missing_header``, ``duplicate_header_field``,
            ``missing_header_field`` (client or service), ``invalid_xml``.
    """
    fields = _fields(read_sections(envelope, content_type=content_type), mandatory=_PARTIES)
    client, service = read_client(fields[names.CLIENT][1]), read_service(fields[names.SERVICE][1])
    return service.client if names.REQUEST_HASH in fields else client


def _fields(sections: Sections, *, mandatory: tuple[str, ...] = tuple(_MANDATORY)) -> _Fields:
    if not sections.headers:
        raise Fault("missing_header", "Malformed SOAP message: header missing")
    if len(sections.headers) > 1:
        raise Fault("duplicate_header_field", "SOAP envelope holds more than one Header")
    fields: _Fields = {}
    for index, block in enumerate(sections.headers[0][1]):
        name = block.tag
        if name not in names.READ:
            continue
        if name in fields:
            raise Fault("duplicate_header_field", f"SOAP header contains duplicate field '{name}'")
        fields[name] = (index, block)
    for name in mandatory:
        if name not in fields:
            raise Fault("missing_header_field", _MANDATORY[name])
    return fields


def _message(fields: _Fields, sections: Sections, envelope: bytes, content_type: str) -> SoapMessage:
    blocks = {name: block for name, (_, block) in fields.items()}
    request_hash = blocks.get(names.REQUEST_HASH)
    return SoapMessage(
        envelope=envelope,
        content_type=content_type,
        protocol_version=_version(blocks[names.PROTOCOL_VERSION]),
        client=read_client(blocks[names.CLIENT]),
        service=read_service(blocks[names.SERVICE]),
        message_id=_text(blocks[names.MESSAGE_ID]),
        user_id=_optional(blocks.get(names.USER_ID)),
        issue=_optional(blocks.get(names.ISSUE)),
        represented_party=read_party(blocks.get(names.REPRESENTED_PARTY)),
        security_server=read_server(blocks.get(names.SECURITY_SERVER)),
        request_hash=None if request_hash is None else (request_hash.get(names.ALGORITHM_ID, ""), _text(request_hash)),
        body_name=names.local(sections.children[0].tag) if sections.children else "",
        places=(
            sections.headers[0][0],
            fields[names.MESSAGE_ID][0],
            None if request_hash is None else fields[names.REQUEST_HASH][0],
        ),
    )


def _version(block: Element) -> str:
    version = _text(block)
    if not version.startswith(_VERSION_PREFIX):
        raise Fault("invalid_protocol_version", f"Protocol version {version[:100]!r} is not 4.x")
    return version


def _optional(block: Element | None) -> str | None:
    return None if block is None else _text(block)


def _text(block: Element) -> str:
    if len(block):
        raise Fault("invalid_xml", f"SOAP header field {names.local(block.tag)} is not plain text")
    return block.text or ""


def _require_body(sections: Sections, message: SoapMessage) -> None:
    if not sections.bodies:
        raise Fault("missing_body", "Malformed SOAP message: body missing")
    if sections.bodies > 1 or len(sections.children) != 1:
        raise Fault("invalid_body", "Malformed SOAP message: body must have exactly one child element")
    if not message.body_name.startswith(message.service.service_code):
        raise Fault("inconsistent_headers", "Malformed SOAP message: service code does not match in header and body")
