"""Adding a timestamp to a signature without touching a signed byte.

Source: message-path dossier s.5.4; ETSI TS 101 903 v1.3.2 s.7.3.
"""

from __future__ import annotations

import re
from base64 import b64encode

from lienthong.trust.errors import MalformedEvidenceError

_FIRST_UNSIGNED = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?UnsignedSignatureProperties(?:\s[^<>]*)?>")


def add_timestamp(signature_xml: bytes, token_der: bytes) -> bytes:
    """Insert SignatureTimeStamp as the first unsigned property; every other byte stays as it is.

    Args:
        token_der: RFC 3161 token over the decoded SignatureValue.
    Raises:
        MalformedEvidenceError: there is not exactly one place where it belongs.
    """
    places = list(_FIRST_UNSIGNED.finditer(signature_xml))
    if len(places) != 1 or places[0][0].endswith(b"/>"):
        raise MalformedEvidenceError("signature has not exactly one open UnsignedSignatureProperties")
    prefix = places[0][1] + b":" if places[0][1] else b""
    stamp = b"<%bSignatureTimeStamp><%bEncapsulatedTimeStamp>%b</%bEncapsulatedTimeStamp></%bSignatureTimeStamp>" % (
        prefix,
        prefix,
        b64encode(token_der),
        prefix,
        prefix,
    )
    at = places[0].end()
    return signature_xml[:at] + stamp + signature_xml[at:]
