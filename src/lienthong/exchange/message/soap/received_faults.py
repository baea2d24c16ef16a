"""SOAP faults as received, kept whole for relaying.

Source: SOAP 1.1 s.4.4; message-path dossier s.2.7, s.3.6 variants 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.exchange.errors import Fault, RelayedFault
from lienthong.exchange.message.soap import names
from lienthong.exchange.message.soap.documents import Element, read_sections

_DETAIL = "detail"
_LOGGED_AS = "faultDetail"
"""The element in a fault's detail that holds the id under which a security server logged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapFault:
    """A SOAP fault as received."""

    code: str
    """As spelt by whoever sent it; ``from_any_spelling`` translates."""
    message: str
    actor: str
    detail: str
    """Text of ``faultDetail``, or of all of ``detail`` where a service made it."""
    xml: bytes
    """The bytes, for relaying to SOAP information systems unchanged."""

    def to_fault(self) -> RelayedFault:
        """The fault to relay, code untouched."""
        return RelayedFault(self.code, self.message, detail=self.detail, actor=self.actor, xml=self.xml)


def parse_soap_fault(data: bytes, *, content_type: str = "text/xml") -> SoapFault:
    """Read a body that must be a SOAP fault.

    Raises:
        Fault: ``invalid_content_type``, ``invalid_soap`` when it is no SOAP envelope (or holds a DOCTYPE),
            ``missing_body``, ``invalid_message`` when it is a SOAP message other than a fault.
    Source: message-path dossier s.3.6 variants 2 to 4, s.9.5.
    """
    sections = read_sections(data, content_type=content_type)
    if not sections.bodies:
        raise Fault("missing_body", "Malformed SOAP message: body missing")
    fault = sections.fault
    if fault is None:
        raise Fault("invalid_message", "Expected a SOAP fault, got another SOAP message")
    return fault_of(fault, data)


def fault_of(fault: Element, xml: bytes) -> SoapFault:
    """The fault in this element; its children go by their local names, and the first of a name counts."""
    children = {names.local(child.tag): child for child in reversed(fault)}
    detail = children.get(_DETAIL)
    logged_as = (
        None if detail is None else next((child for child in detail if names.local(child.tag) == _LOGGED_AS), None)
    )
    return SoapFault(
        code=_all_text(children.get("faultcode")),
        message=_all_text(children.get("faultstring")),
        actor=_all_text(children.get("faultactor")),
        detail=_all_text(logged_as) or _all_text(detail),
        xml=xml,
    )


def _all_text(element: Element | None) -> str:
    return "" if element is None else str(element.xpath("string()")).strip()
