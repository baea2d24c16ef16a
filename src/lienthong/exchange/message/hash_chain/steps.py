"""The digest of one step of a hash chain, from the digests below it.

A step is hashed as DER: SEQUENCE OF SEQUENCE { OCTET STRING digest, UTF8String algorithm URI, SEQUENCE {} }. The bytes
are put together by hand, because a busy server makes thousands of steps a second.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.trust.algorithms import Digest, DigestAlgorithm

_NO_TRANSFORMS = b"\x30\x00"


def step_digest(children: Sequence[Digest], algorithm: DigestAlgorithm) -> Digest:
    """Hash the digests of a step's children, in document order, with *algorithm*."""
    return algorithm.digest(_tlv(0x30, b"".join(_encode_child(child) for child in children)))


def _encode_child(child: Digest) -> bytes:
    return _tlv(0x30, _tlv(0x04, child.value) + _ALGORITHM_AND_TRANSFORMS[child.algorithm])


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


_ALGORITHM_AND_TRANSFORMS = {a: _tlv(0x0C, a.uri.encode()) + _NO_TRANSFORMS for a in DigestAlgorithm}
