"""Signing keys behind one port, and signature verification under a policy."""

from lienthong.trust.keys.ecdsa import EcdsaFormat, der_from_raw, raw_from_der
from lienthong.trust.keys.notation import algorithm_from_identifier, identifier_of
from lienthong.trust.keys.software import SigningKey, SoftwareKey
from lienthong.trust.keys.verification import require_key_allowed, verify_signature

__all__ = [
    "EcdsaFormat",
    "SigningKey",
    "SoftwareKey",
    "algorithm_from_identifier",
    "der_from_raw",
    "identifier_of",
    "raw_from_der",
    "require_key_allowed",
    "verify_signature",
]
