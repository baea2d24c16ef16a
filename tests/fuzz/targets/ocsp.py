"""OCSP responses and requests, and the multipart in which a peer hands them over."""

from __future__ import annotations

import contextlib

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.ocsp_fetch import ocsp_answer, split_related
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.ocsp import parse_request, parse_response

REFUSES = (MalformedEvidenceError,)


def read(data: bytes) -> None:
    with contextlib.suppress(FetchError):
        split_related("multipart/related; boundary=b", data)
    assert ocsp_answer(data, lambda digest: None).status == 500
    with contextlib.suppress(MalformedEvidenceError):
        assert parse_request(data)
    answer = parse_response(data)
    assert answer.produced_at.tzinfo is not None
    assert answer.this_update.tzinfo is not None
    assert answer.next_update is None or answer.next_update.tzinfo is not None
    assert isinstance(answer.signature, bytes)
