"""Signature documents: what is reported as signed is taken from the very bytes given."""

from __future__ import annotations

import contextlib

from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.xades import parse_signature

REFUSES = (MalformedEvidenceError, UnsupportedAlgorithmError)


def read(data: bytes) -> None:
    with contextlib.suppress(*REFUSES):
        parse_signature(data, check_structure=False)
    signature = parse_signature(data)
    assert b"SignedInfo" in signature.signed_info
    assert b"SignedProperties" in signature.signed_properties
    assert signature.signing_time is None or signature.signing_time.tzinfo is not None
    assert all(reference.uri.startswith("#") is (reference.content is not None) for reference in signature.references)
