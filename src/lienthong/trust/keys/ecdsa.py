"""The two ways an ECDSA signature is written down, and the way from one to the other.

XML signatures carry r‖s, everything else ASN.1 DER. Source: RFC 6931 s.2.3.6; RFC 3279 s.2.2.3.
"""

from __future__ import annotations

from enum import Enum

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from lienthong.trust.errors import MalformedEvidenceError


class EcdsaFormat(Enum):
    """How an ECDSA signature value is encoded."""

    RAW = "raw"
    """r‖s, each as long as the curve's order: XML signatures."""
    DER = "der"
    """SEQUENCE of two INTEGERs: certificates, OCSP, CMS, global configuration."""


def raw_from_der(signature: bytes, curve_bytes: int) -> bytes:
    """Turn an ASN.1 DER signature into r‖s of 2 × *curve_bytes* octets; raises MalformedEvidenceError."""
    try:
        r, s = decode_dss_signature(signature)
        return r.to_bytes(curve_bytes, "big") + s.to_bytes(curve_bytes, "big")
    except (ValueError, OverflowError) as exc:
        raise MalformedEvidenceError("ECDSA signature is not a DER pair of integers of the curve's size") from exc


def der_from_raw(signature: bytes) -> bytes:
    """Turn r‖s into an ASN.1 DER signature; raises MalformedEvidenceError."""
    half, odd = divmod(len(signature), 2)
    if odd or not half:
        raise MalformedEvidenceError("raw ECDSA signature is not two halves of equal length")
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))
