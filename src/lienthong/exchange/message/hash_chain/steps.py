"""The digest of one step of a hash chain, from the digests below it.

A step is hashed as DER: SEQUENCE OF SEQUENCE { OCTET STRING digest, UTF8String algorithm URI, SEQUENCE {} }. The bytes
are put together by hand, because a busy server makes thousands of steps a second.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from lienthong.trust.algorithms import Digest, DigestAlgorithm

_SEQUENCE, _OCTET_STRING, _UTF8_STRING = 0x30, 0x04, 0x0C
_NO_TRANSFORMS = b"\x30\x00"


def step_digest(children: Iterable[tuple[DigestAlgorithm, bytes]], algorithm: DigestAlgorithm) -> Digest:
    """Hash the digests (algorithm, value) of a step's children, in document order, with *algorithm*."""
    pieces: list[bytes] = []
    for own, value in children:
        before, after = _around(own, len(value))
        pieces += (before, value, after)
    content = b"".join(pieces)
    return algorithm.digest(_header(_SEQUENCE, len(content)) + content)


@lru_cache(maxsize=256)
def _around(algorithm: DigestAlgorithm, size: int) -> tuple[bytes, bytes]:
    """What stands before and after a digest of *size* bytes in its child's encoding."""
    uri = algorithm.uri.encode()
    opening = _header(_OCTET_STRING, size)
    closing = _header(_UTF8_STRING, len(uri)) + uri + _NO_TRANSFORMS
    return _header(_SEQUENCE, len(opening) + size + len(closing)) + opening, closing


@lru_cache(maxsize=1024)
def _header(tag: int, size: int) -> bytes:
    if size < 0x80:
        return bytes((tag, size))
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length
