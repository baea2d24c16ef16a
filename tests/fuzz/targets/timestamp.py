"""Timestamp queries, replies and tokens."""

from __future__ import annotations

import contextlib

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.errors import AuthorityError, MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.timestamps import build_query, parse_query, parse_token, read_reply

REFUSES = (MalformedEvidenceError, UnsupportedAlgorithmError)
_QUERY = build_query(DigestAlgorithm.SHA512.digest(b""))


def read(data: bytes) -> None:
    with contextlib.suppress(*REFUSES):
        assert isinstance(parse_query(data).digest.value, bytes)
    with contextlib.suppress(*REFUSES, AuthorityError):
        read_reply(data, query=_QUERY)
    token = parse_token(data)
    assert token.gen_time.tzinfo is not None
    assert isinstance(token.serial, int)
    assert isinstance(token.message_digest, bytes)
    assert isinstance(token.imprint.value, bytes)
