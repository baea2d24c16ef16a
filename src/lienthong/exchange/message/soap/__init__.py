"""SOAP messages (thông điệp SOAP): read once, judged header by header, and never written again.

Source: message-path dossier s.2.7, s.5.2; PR-MESS v4.0; SOAP 1.1.
"""

from lienthong.exchange.message.soap.actions import require_soap_action
from lienthong.exchange.message.soap.answers import check_request_hash, compare_answer, with_request_hash
from lienthong.exchange.message.soap.documents import (
    DEPTH_MAX,
    ENVELOPE_BYTES_MAX,
    MARKUP_MAX,
    require_envelope_size,
)
from lienthong.exchange.message.soap.emptying import emptied
from lienthong.exchange.message.soap.messages import SoapMessage, parse_soap, soap_signer
from lienthong.exchange.message.soap.received_faults import SoapFault, parse_soap_fault

__all__ = [
    "DEPTH_MAX",
    "ENVELOPE_BYTES_MAX",
    "MARKUP_MAX",
    "SoapFault",
    "SoapMessage",
    "check_request_hash",
    "compare_answer",
    "emptied",
    "parse_soap",
    "parse_soap_fault",
    "require_envelope_size",
    "require_soap_action",
    "soap_signer",
    "with_request_hash",
]
