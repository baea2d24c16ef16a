"""Who sends and who is asked, read safely from a SOAP envelope or a REST header block, without judging either.

Enough to know whose signature to expect; whether the message is good is asked elsewhere.
Source: message-path dossier s.1.3, s.2.7, s.5.6.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId
from lienthong.exchange.message.rest import RestRequest, RestResponse, is_response_block

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XROAD = "http://x-road.eu/xsd/xroad.xsd"
IDENTIFIERS = "http://x-road.eu/xsd/identifiers"
_NS = {"s": SOAP, "x": XROAD, "i": IDENTIFIERS}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
_NOT_REST = (b"<", b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe", b" ", b"\n", b"\r", b"\t", b"\0")
_CLIENTS = frozenset({"MEMBER", "SUBSYSTEM"})
_SERVICES = frozenset({"SERVICE"})
_MEMBER_FIELDS = ("xRoadInstance", "memberClass", "memberCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapHeader:
    """The two identifiers of a SOAP message that decide whose signature it carries."""

    client: ClientId
    """Who asks."""
    service: ServiceId
    """What is asked for."""
    message_id: str
    """``id``; empty where absent."""
    is_response: bool
    """Whether the provider's server has added a request hash."""

    @property
    def signer(self) -> ClientId:
        """The client of a request, the service's client of a response."""
        return self.service.client if self.is_response else self.client


def read_soap_header(envelope: bytes) -> SoapHeader:
    """Peek at the header of an envelope as transported.

    Raises:
        Fault: ``invalid_soap`` (not XML, a document type, no envelope), ``missing_header``, ``missing_header_field``,
            ``duplicate_header_field``, ``invalid_xml`` (an identifier that is none).
    """
    root = _envelope(envelope)
    headers = root.findall("s:Header", _NS)
    if len(headers) != 1:
        raise Fault("missing_header", "SOAP envelope has not exactly one Header")
    client = _only(headers[0], "client")
    service = _only(headers[0], "service")
    try:
        return SoapHeader(
            client=_client(client, _CLIENTS),
            service=ServiceId(
                _client(service, _SERVICES), _text(service, "serviceCode") or "", _text(service, "serviceVersion")
            ),
            message_id=(headers[0].findtext("x:id", "", _NS) or "").strip(),
            is_response=headers[0].find("x:requestHash", _NS) is not None,
        )
    except IdentifierError as exc:
        raise Fault("invalid_xml", f"Identifier in the SOAP header cannot be read: {exc}") from exc


def signer_of(message: bytes) -> ClientId:
    """Whose signature ``/message.xml`` must carry: REST or SOAP, request or response, found out from the bytes.

    Raises:
        Fault: the message cannot be read so far.
    """
    if message.startswith(_NOT_REST):
        return read_soap_header(message).signer
    if is_response_block(message):
        return RestResponse.parse(message).service.client
    return RestRequest.parse(message).client


def is_rest(message: bytes) -> bool:
    """Whether ``/message.xml`` is a REST header block rather than a SOAP envelope."""
    return not message.startswith(_NOT_REST)


def _envelope(data: bytes) -> etree._Element:
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise Fault("invalid_soap", "SOAP message is not well-formed XML") from exc
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault("invalid_soap", "SOAP message carries a document type")
    if root.tag != f"{{{SOAP}}}Envelope":
        raise Fault("invalid_soap", "Message is not a SOAP 1.1 envelope")
    return root


def _only(header: etree._Element, name: str) -> etree._Element:
    found = header.findall(f"x:{name}", _NS)
    if not found:
        raise Fault("missing_header_field", f"SOAP header field {name} is missing")
    if len(found) > 1:
        raise Fault("duplicate_header_field", f"SOAP header field {name} comes twice")
    return found[0]


def _client(element: etree._Element, kinds: frozenset[str]) -> ClientId:
    kind = element.get(f"{{{IDENTIFIERS}}}objectType")
    if kind not in kinds:
        raise IdentifierError(f"objectType {kind!r} where {' or '.join(sorted(kinds))} belongs")
    instance, member_class, member_code = (_text(element, name) or "" for name in _MEMBER_FIELDS)
    subsystem = None if kind == "MEMBER" else _text(element, "subsystemCode")
    if kind == "SUBSYSTEM" and subsystem is None:
        raise IdentifierError("a SUBSYSTEM has no subsystemCode")
    return ClientId(instance, member_class, member_code, subsystem)


def _text(element: etree._Element, name: str) -> str | None:
    found = element.findall(f"i:{name}", _NS)
    if len(found) > 1 or (found and len(found[0])):
        raise IdentifierError(f"{name} is not one plain text")
    return (found[0].text or "").strip() if found else None
