"""The digest of one step of a hash chain, from the digests below it.

A step is hashed as DER: SEQUENCE OF SEQUENCE { OCTET STRING digest, UTF8String algorithm URI, SEQUENCE {} }. The bytes
are put together by hand, because a busy server makes thousands of steps a second.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def uniform_step(values: Sequence[bytes], algorithm: DigestAlgorithm) -> bytes:
    """The same where every child is a digest by *algorithm* too, which is how servers build their chains.

    Raises:
        ValueError: a value has not the length of such a digest.
    """
    opening, between, closing, sizes = _uniform(algorithm, len(values))
    if set(map(len, values)) != sizes:
        raise ValueError(f"not only digests by {algorithm.label}")
    return algorithm.digest(b"".join((opening, between.join(values), closing))).value


@lru_cache(maxsize=64)
def _uniform(algorithm: DigestAlgorithm, count: int) -> tuple[bytes, bytes, bytes, set[int]]:
    """What stands before, between and after so many digests, and the only size that each may have."""
    size = len(algorithm.digest(b"").value)
    before, after = _around(algorithm, size)
    content = count * (len(before) + size + len(after))
    header = _header(_SEQUENCE, content)
    return header + before, after + before, after, {size}


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
