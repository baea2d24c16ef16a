"""SOAP faults as received, kept whole for relaying.

Source: SOAP 1.1 s.4.4; message-path dossier s.2.7, s.3.6 variants 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.exchange.errors import Fault, RelayedFault
from lienthong.exchange.message.soap.outline import FAULT_DETAIL, Outline, outline_of


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
    outline = outline_of(data, content_type=content_type)
    if not outline.bodies:
        raise Fault("missing_body", "Malformed SOAP message: body missing")
    if outline.fault is None or len(outline.children) != 1:
        raise Fault("invalid_message", "Expected a SOAP fault, got another SOAP message")
    return fault_of(outline, data)


def fault_of(outline: Outline, xml: bytes) -> SoapFault:
    """The fault that an outline holds."""
    texts = outline.fault or {}
    return SoapFault(
        code=texts.get("faultcode", ""),
        message=texts.get("faultstring", ""),
        actor=texts.get("faultactor", ""),
        detail=texts.get(FAULT_DETAIL) or texts.get("detail", ""),
        xml=xml,
    )
