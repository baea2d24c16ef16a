"""Metaservices in SOAP: envelopes that say to a request which services there are, as running servers write them.

An answer is the request's own envelope with another body, so it carries every header of the request, those unknown here
included. It is written in canonical form, which is how running servers write one: namespaces and attributes in order,
empty elements in pairs. The provider's server adds the request hash as to any answer.
Source: PR-META s.3-5; message-path dossier s.7.2, s.7.3; recordings meta/soap-*.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import IdentifierError, ServiceId
from lienthong.exchange.message.soap import SoapMessage
from lienthong.exchange.message.soap.charsets import encoding_of
from lienthong.exchange.message.soap.names import IDENTIFIERS, SOAP, XROAD
from lienthong.exchange.metadata.xml_document import UnreadableXmlError, open_xml

CONTENT_TYPE = "text/xml; charset=UTF-8"
"""Of every envelope."""
WSDL_CONTENT_TYPE = "text/xml"
"""Of the WSDL beside ``getWsdlResponse``."""
BOUNDARY_PREFIX = "xroad"

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_PREFIXES = {"xroad": XROAD, "id": IDENTIFIERS}
"""Used where the request has none of its own for a namespace."""
_CLIENT_FIELDS = ("xRoadInstance", "memberClass", "memberCode", "subsystemCode")


def list_of_services(request: SoapMessage, services: Iterable[ServiceId]) -> bytes:
    """The envelope that answers ``listMethods`` or ``allowedMethods`` with *services*, in their order.

    Raises:
        Fault: ``invalid_soap``: the request cannot be written in canonical form.
    """
    root = _envelope(request)
    body = root.find(f"{{{SOAP}}}Body")
    assert body is not None  # parse_soap has seen it
    for child in list(body):
        body.remove(child)
    body.text = None
    missing = {prefix: name for prefix, name in _PREFIXES.items() if name not in body.nsmap.values()}
    response = etree.SubElement(body, f"{{{XROAD}}}{request.service.service_code}Response", nsmap=missing)
    for service in services:
        _add_service(response, service)
    return _written(root)


def get_wsdl_response(request: SoapMessage) -> bytes:
    """The envelope that answers ``getWsdl``: what was asked for, said again.

    Raises:
        Fault: ``invalid_soap``: the request cannot be written in canonical form.
    """
    root = _envelope(request)
    _asked(root).tag = f"{{{XROAD}}}{request.service.service_code}Response"
    return _written(root)


def asked_service(request: SoapMessage) -> ServiceId:
    """The service of the same provider whose WSDL a request asks for.

    Raises:
        Fault: ``invalid_request`` without a usable ``serviceCode``.
    """
    asked = _asked(_envelope(request))
    code, version = (asked.findtext(f"{{{XROAD}}}{name}") for name in ("serviceCode", "serviceVersion"))
    try:
        return ServiceId(request.service.client, code or "", version)
    except IdentifierError:
        raise Fault("invalid_request", "Missing serviceCode in message body") from None


def wsdl_headers(unique: str) -> bytes:
    """The header lines of the WSDL beside the envelope, after its content type."""
    return f"Content-ID: <wsdl={unique}@x-road.eu>\r\nContent-Transfer-Encoding: binary\r\n".encode("ascii")


def answer_content_type(boundary: str) -> str:
    """The Content-Type of an answer with a WSDL beside it."""
    return f'multipart/related; type="text/xml"; charset=UTF-8; boundary={boundary}'


def _envelope(request: SoapMessage) -> etree._Element:
    try:
        return open_xml(request.envelope, charset=encoding_of(request.envelope, request.content_type))
    except UnreadableXmlError as exc:
        raise Fault("invalid_soap", f"SOAP message cannot be read: {exc}") from exc


def _asked(root: etree._Element) -> etree._Element:
    asked = root.find(f"{{{SOAP}}}Body/{{{XROAD}}}getWsdl")
    if asked is None:
        raise Fault("invalid_request", f"The body holds no getWsdl in namespace {XROAD}")
    return asked


def _add_service(parent: etree._Element, service: ServiceId) -> None:
    element = etree.SubElement(parent, f"{{{XROAD}}}service", {f"{{{IDENTIFIERS}}}objectType": service.object_type})
    fields = [*zip(_CLIENT_FIELDS, service.client.parts, strict=False), ("serviceCode", service.service_code)]
    if service.service_version is not None:
        fields.append(("serviceVersion", service.service_version))
    for name, value in fields:
        etree.SubElement(element, f"{{{IDENTIFIERS}}}{name}").text = value


def _written(root: etree._Element) -> bytes:
    try:
        return _DECLARATION + etree.tostring(root, method="c14n", with_comments=True) + b"\n"
    except etree.C14NError as exc:  # a namespace that is a relative address has no canonical form
        raise Fault("invalid_soap", f"SOAP message has no canonical form: {exc}") from exc
