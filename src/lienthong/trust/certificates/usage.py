"""What a certificate may be used for, as X-Road's signer asks it. Source: governance dossier s.4.3."""

from __future__ import annotations

from lienthong.trust.certificates.certificate import Certificate

CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
_AUTHENTICATION_BITS = frozenset({"digitalSignature", "keyEncipherment", "dataEncipherment"})


def is_signing(certificate: Certificate) -> bool:
    """Whether it is a signing certificate: KeyUsage has nonRepudiation."""
    return "nonRepudiation" in certificate.key_usage


def is_authentication(certificate: Certificate) -> bool:
    """Whether it is an authentication certificate: EKU clientAuth, else a KeyUsage bit that TLS needs."""
    return CLIENT_AUTH in certificate.extended_key_usage or bool(_AUTHENTICATION_BITS & certificate.key_usage)
