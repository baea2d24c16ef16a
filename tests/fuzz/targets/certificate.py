"""Certificates and certification requests, DER and PEM."""

from __future__ import annotations

import contextlib

from lienthong.trust.certificates import Certificate, parse_request
from lienthong.trust.errors import MalformedEvidenceError

REFUSES = (MalformedEvidenceError,)


def read(data: bytes) -> None:
    with contextlib.suppress(MalformedEvidenceError):
        request = parse_request(data)
        assert isinstance(request.subject, str)
        assert all(isinstance(name, str) for name in request.dns_names)
    certificate = Certificate.from_pem_or_der(data)
    assert Certificate.from_pem_or_der(certificate.pem) == certificate
    assert certificate.serial >= 0
    assert certificate.not_before.tzinfo is not None
    assert certificate.not_after.tzinfo is not None
    assert all(isinstance(oid, str) and isinstance(text, str) for oid, text in certificate.subject_attributes)
    assert isinstance(certificate.public_key_bits, bytes)
