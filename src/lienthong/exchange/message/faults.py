"""Faults on the wire, as information systems and peers are told of them; ``message/soap`` reads those of others.

Source: message-path dossier s.2.6, s.2.7, s.3.6, s.8; SOAP 1.1 s.4.4.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lienthong.exchange.errors import Fault, RelayedFault
from lienthong.exchange.message.fault_codes import CATALOGUE, from_any_spelling, http_status, to_old_spelling

__all__ = [
    "CATALOGUE",
    "ERROR_HEADER",
    "SOAP_FAULT_HEADERS",
    "ErrorAnswer",
    "from_any_spelling",
    "http_status",
    "render_rest_error",
    "render_soap_fault",
    "to_old_spelling",
    "told",
]

ERROR_HEADER = b"X-Road-Error"
SOAP_FAULT_HEADERS = ((b"Content-Type", b"text/xml;charset=utf-8"), (b"SOAPAction", b""))
"""Of a fault that is the whole HTTP body, to a peer or to an information system; the status is 200."""

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_XML_TYPES = {"text/xml": "text/xml", "application/xml": "application/xml", "text/*": "text/xml"}
_FAULT = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="{}"><SOAP-ENV:Body><SOAP-ENV:Fault>'
    "<faultcode>{}</faultcode><faultstring>{}</faultstring><faultactor>{}</faultactor>"
    '<detail><faultDetail xmlns="">{}</faultDetail></detail></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>'
)
_ALSO_ESCAPED = {"\r": "&#13;", '"': "&quot;", "'": "&apos;"}
_NOT_XML = dict.fromkeys([*(c for c in range(0x20) if c not in {0x09, 0x0A, 0x0D}), 0xFFFE, 0xFFFF], "\ufffd")
_NOT_XML |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorAnswer:
    """An HTTP answer that tells a REST information system what failed."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def told(fault: Fault, *, detail: str, in_old_spelling: bool) -> Fault:
    """The fault as its receiver is told of it.

    Args:
        detail: Random id by which our log knows it; one that came with the fault stays.
        in_old_spelling: Spell our own code as servers before 7.8 do. One that another party raised stays as it came.
    Source: message-path dossier s.8.1, s.8.2.
    """
    is_ours = not isinstance(fault, RelayedFault)
    code = to_old_spelling(fault.code) if in_old_spelling and is_ours else fault.code
    return Fault(code, fault.message, detail=fault.detail or detail, actor=fault.actor)


def render_rest_error(fault: Fault, *, accept: Iterable[str] = ()) -> ErrorAnswer:
    """The answer to a REST information system.

    Args:
        accept: Values of its ``Accept`` headers, in order. The first XML type wins, whatever its quality; without one
            the answer is JSON.
    Source: PR-REST s.4.5; message-path dossier s.2.6.
    """
    xml_type = _preferred_xml(accept)
    code = fault.code.encode("ascii", "replace").replace(b"\r", b"?").replace(b"\n", b"?")
    if xml_type:
        content_type, body = f"{xml_type};charset=utf-8", _error_xml(fault)
    else:
        content_type, body = "application/json", _error_json(fault)
    headers = ((ERROR_HEADER, code), (b"Content-Type", content_type.encode("ascii")))
    return ErrorAnswer(status=http_status(fault.code), headers=headers, body=body)


def _preferred_xml(accept: Iterable[str]) -> str | None:
    entries = (entry.partition(";")[0].strip().lower() for value in accept for entry in value.split(","))
    return next((_XML_TYPES[entry] for entry in entries if entry in _XML_TYPES), None)


def _error_json(fault: Fault) -> bytes:
    value = {"type": fault.code, "message": fault.message, "detail": fault.detail}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _error_xml(fault: Fault) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<error><type>{_text(fault.code)}</type><message>{_text(fault.message)}</message>"
        f"<detail>{_text(fault.detail)}</detail></error>"
    ).encode()


def render_soap_fault(fault: Fault) -> bytes:
    """The SOAP fault for an information system or a peer, byte for byte as NIIS servers write it."""
    texts = (fault.code, fault.message, fault.actor, fault.detail)
    return _FAULT.format(_ENVELOPE, *map(_text, texts)).encode()


def _text(value: str) -> str:
    """Character data; what XML cannot hold becomes U+FFFD. Source: XML 1.0 s.2.2."""
    return escape(value.translate(_NOT_XML), _ALSO_ESCAPED)
