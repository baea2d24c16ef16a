"""A SOAP message as the exchange knows it: every header judged, in the order and with the codes of the protocol.

Source: PR-MESS v4.0 s.2; message-path dossier s.1.3, s.2.7.
"""

from __future__ import annotations

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.message.rest import RepresentedParty
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.outline import HeaderField, Outline, outline_of
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

_Fields = dict[str, HeaderField]


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
    id_span: tuple[int, int]
    """Byte offsets in the envelope: the id header's start tag, and its end tag or what follows one written empty."""
    request_hash_span: tuple[int, int] | None
    """The same of the request hash."""

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
    outline = outline_of(envelope, content_type=content_type)
    if outline.fault is not None and len(outline.children) == 1:
        return fault_of(outline, envelope)
    fields = _fields(outline)
    message = _message(fields, outline, envelope, content_type)
    _require_body(outline, message.service)
    return message


def soap_signer(envelope: bytes, *, content_type: str) -> ClientId:
    """Whose signature an envelope carries, whatever else of it is missing or wrong.

    Raises:
        Fault: ``invalid_content_type``, ``invalid_soap``, ``missing_header``, ``duplicate_header_field``,
            ``missing_header_field`` (client or service), ``invalid_xml``.
    """
    fields = _fields(outline_of(envelope, content_type=content_type), mandatory=_PARTIES)
    client, service = read_client(fields[names.CLIENT]), read_service(fields[names.SERVICE])
    return service.client if names.REQUEST_HASH in fields else client


def _fields(outline: Outline, *, mandatory: tuple[str, ...] = tuple(_MANDATORY)) -> _Fields:
    if not outline.headers:
        raise Fault("missing_header", "Malformed SOAP message: header missing")
    if outline.headers > 1:
        raise Fault("duplicate_header_field", "SOAP envelope holds more than one Header")
    fields: _Fields = {}
    for field in outline.fields:
        if field.name in fields:
            shown = names.braced(field.name)
            raise Fault("duplicate_header_field", f"SOAP header contains duplicate field '{shown}'")
        fields[field.name] = field
    for name in mandatory:
        if name not in fields:
            raise Fault("missing_header_field", _MANDATORY[name])
    return fields


def _message(fields: _Fields, outline: Outline, envelope: bytes, content_type: str) -> SoapMessage:
    request_hash = fields.get(names.REQUEST_HASH)
    message_id = fields[names.MESSAGE_ID]
    return SoapMessage(
        envelope=envelope,
        content_type=content_type,
        protocol_version=_version(fields[names.PROTOCOL_VERSION]),
        client=read_client(fields[names.CLIENT]),
        service=read_service(fields[names.SERVICE]),
        message_id=_text(message_id),
        user_id=_optional(fields.get(names.USER_ID)),
        issue=_optional(fields.get(names.ISSUE)),
        represented_party=read_party(fields.get(names.REPRESENTED_PARTY)),
        security_server=read_server(fields.get(names.SECURITY_SERVER)),
        request_hash=None
        if request_hash is None
        else (request_hash.attributes.get(names.ALGORITHM_ID, ""), _text(request_hash)),
        body_name=names.local(outline.children[0]) if outline.children else "",
        id_span=(message_id.start, message_id.end),
        request_hash_span=None if request_hash is None else (request_hash.start, request_hash.end),
    )


def _version(field: HeaderField) -> str:
    version = _text(field)
    if not version.startswith(_VERSION_PREFIX):
        raise Fault("invalid_protocol_version", f"Protocol version {version[:100]!r} is not 4.x")
    return version


def _optional(field: HeaderField | None) -> str | None:
    return None if field is None else _text(field)


def _text(field: HeaderField) -> str:
    if field.parts:
        raise Fault("invalid_xml", f"SOAP header field {names.local(field.name)} is not plain text")
    return field.text


def _require_body(outline: Outline, service: ServiceId) -> None:
    if not outline.bodies:
        raise Fault("missing_body", "Malformed SOAP message: body missing")
    if outline.bodies > 1 or len(outline.children) != 1:
        raise Fault("invalid_body", "Malformed SOAP message: body must have exactly one child element")
    if not names.local(outline.children[0]).startswith(service.service_code):
        raise Fault("inconsistent_headers", "Malformed SOAP message: service code does not match in header and body")
