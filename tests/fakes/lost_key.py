"""A signing key whose token has gone away."""

from __future__ import annotations

from lienthong.trust.algorithms import KeyType, SignatureAlgorithm
from lienthong.trust.errors import KeyAccessError
from lienthong.trust.keys import SigningKey


class LostKey:
    """Looks like the key it was, and signs nothing any more."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key

    @property
    def key_type(self) -> KeyType:
        return self._key.key_type

    @property
    def public_key_der(self) -> bytes:
        return self._key.public_key_der

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        raise KeyAccessError("the token is gone")
