"""The hash formula of message-path dossier s.2.4, against the definition itself; recordings: test_rest."""

import base64
import hashlib

from lienthong.exchange.message.request_hash import request_hash
from lienthong.trust.algorithms import DigestAlgorithm

BLOCK = b"GET\r\n/r1/a/b/c/d/e\r\nX-Road-Client:VN/GOV/1\r\n"


def test_without_a_body_the_block_is_hashed() -> None:
    assert base64.b64decode(request_hash(BLOCK, None)) == hashlib.sha512(BLOCK).digest()


def test_with_a_body_both_hashes_are_hashed_even_when_it_is_empty() -> None:
    empty = hashlib.sha512(b"").digest()
    expected = hashlib.sha512(hashlib.sha512(BLOCK).digest() + empty).digest()
    assert base64.b64decode(request_hash(BLOCK, empty)) == expected


def test_only_the_outer_hash_follows_the_response() -> None:
    body = hashlib.sha512(b"body").digest()
    expected = hashlib.sha256(hashlib.sha512(BLOCK).digest() + body).digest()
    assert base64.b64decode(request_hash(BLOCK, body, outer=DigestAlgorithm.SHA256)) == expected
    assert request_hash(BLOCK, None, outer=DigestAlgorithm.SHA256) == request_hash(BLOCK, None)
