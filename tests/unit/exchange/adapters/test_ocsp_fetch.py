from __future__ import annotations

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.ocsp_fetch import ocsp_answer, ocsp_query, split_related
from lienthong.trust.algorithms import Digest, DigestAlgorithm

CERTS = [b"leaf", b"intermediate"]
HELD = {DigestAlgorithm.SHA1.digest(der): b"for " + der + b"\n" for der in CERTS}
HELD |= {DigestAlgorithm.SHA256.digest(der): b"for " + der + b"\n" for der in CERTS}


def content_type(response: object) -> str:
    return dict(response.headers)[b"Content-Type"].decode()


def test_both_families_are_asked_in_order() -> None:
    assert ocsp_query([b"a"]) == f"cert={hashlib.sha1(b'a').hexdigest()}&cert_hash={hashlib.sha256(b'a').hexdigest()}"


@pytest.mark.parametrize("family", ["cert", "cert_hash", "both"])
def test_answers_come_in_request_order(family: str) -> None:
    query = ocsp_query(CERTS)
    if family != "both":
        query = "&".join(pair for pair in query.split("&") if pair.startswith(family + "="))
    response = ocsp_answer(query.encode(), HELD.get)
    assert response.status == 200
    assert content_type(response).startswith(
        'multipart/related; type="application/ocsp-response"; charset=UTF-8; boundary='
    )
    assert split_related(content_type(response), response.body) == [b"for leaf\n", b"for intermediate\n"]


@pytest.mark.parametrize("query", [b"", b"cert=", b"cert=zz", b"cert=00", b"other=1", b"cert=%ff\xff"])
def test_a_missing_answer_is_a_500(query: bytes) -> None:
    assert ocsp_answer(query, HELD.get).status == 500


def test_heartbeats_and_other_methods() -> None:
    assert ocsp_answer(b"", HELD.get, method="HEAD").status == 200
    assert ocsp_answer(b"", HELD.get, method="POST").status == 405


@given(query=st.binary(max_size=60))
def test_any_query_gets_an_answer(query: bytes) -> None:
    assert ocsp_answer(query, lambda digest: None).status == 500


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b""),
        ("multipart/related", b""),
        ("multipart/related; boundary=b", b"--b\r\n\r\nx\r\n"),
        ("multipart/related; boundary=b", b"--bx--b--"),
    ],
)
def test_broken_multiparts_are_refused(kind: str, body: bytes) -> None:
    with pytest.raises(FetchError):
        split_related(kind, body)


def test_parts_keep_their_bytes() -> None:
    body = b"ignored\r\n--b\r\nContent-Type: a\r\n\r\none\r\n\r\n--b\r\n\r\n\r\n--b--\r\nignored"
    assert split_related('Multipart/Related; type="a"; boundary="b"', body) == [b"one\r\n", b""]


@given(body=st.binary(max_size=200), boundary=st.sampled_from(["b", "xyz"]))
def test_any_multipart_is_split_or_refused(body: bytes, boundary: str) -> None:
    with contextlib.suppress(FetchError):
        split_related(f"multipart/related; boundary={boundary}", b"--" + boundary.encode() + body)


def test_digests_carry_their_algorithm() -> None:
    seen: list[Digest] = []
    ocsp_answer(b"cert=00ff", seen.append)
    assert seen == [Digest(DigestAlgorithm.SHA1, b"\x00\xff")]
