"""The port behind which private keys stay, and keys held in memory."""

from __future__ import annotations

from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

from lienthong.trust.algorithms import KeyType, SignatureAlgorithm
from lienthong.trust.errors import KeyAccessError, UnsupportedAlgorithmError
from lienthong.trust.keys.verification import HASHES, rsa_padding

_CURVES: dict[str, ec.EllipticCurve] = {"secp256r1": ec.SECP256R1(), "secp384r1": ec.SECP384R1()}
_RSA_BITS = (2048, 4096)


class SigningKey(Protocol):
    """A private key that signs and never shows itself: software, token or HSM."""

    @property
    def key_type(self) -> KeyType:
        """RSA or EC."""

    @property
    def public_key_der(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """Sign *data* (hashing included); ECDSA comes as ASN.1 DER. Raises KeyAccessError."""


class SoftwareKey:
    """A private key in this process's memory: RSA of 2048–4096 bits, P-256 or P-384."""

    __slots__ = ("_key", "_public_key_der")

    def __init__(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        _require_strength(key)
        self._key = key
        self._public_key_der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def generate(cls, key_type: KeyType, *, bits: int = 2048, curve: str = "secp256r1") -> SoftwareKey:
        """Make a new key: *bits* counts for RSA, *curve* for EC; raises UnsupportedAlgorithmError."""
        if key_type is KeyType.RSA:
            if not _RSA_BITS[0] <= bits <= _RSA_BITS[1]:
                raise UnsupportedAlgorithmError(f"RSA key of {bits} bits")
            return cls(rsa.generate_private_key(public_exponent=65537, key_size=bits))
        if curve not in _CURVES:
            raise UnsupportedAlgorithmError(f"curve {curve}")
        return cls(ec.generate_private_key(_CURVES[curve]))

    @classmethod
    def load(cls, pkcs8: bytes, password: bytes | None) -> SoftwareKey:
        """Open PKCS#8, DER or PEM; raises KeyAccessError (wrong password, damage), UnsupportedAlgorithmError."""
        try:
            if pkcs8.lstrip().startswith(b"-----BEGIN"):
                key = load_pem_private_key(pkcs8, password)
            else:
                key = load_der_private_key(pkcs8, password)
        except UnsupportedAlgorithm as exc:
            raise UnsupportedAlgorithmError("private key of an unknown kind") from exc
        except (ValueError, TypeError) as exc:
            raise KeyAccessError("private key cannot be opened: wrong password or damaged file") from exc
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise UnsupportedAlgorithmError(f"private key of kind {type(key).__name__}")
        return cls(key)

    @property
    def key_type(self) -> KeyType:
        """RSA or EC."""
        return KeyType.RSA if isinstance(self._key, rsa.RSAPrivateKey) else KeyType.EC

    @property
    def public_key_der(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        return self._public_key_der

    def export(self, password: bytes) -> bytes:
        """Write the key as encrypted PKCS#8, PEM; an empty password is refused with KeyAccessError."""
        if not password:
            raise KeyAccessError("a key is never written without a password")
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password))

    def sign(self, data: bytes, algorithm: SignatureAlgorithm) -> bytes:
        """Sign *data* (hashing included); ECDSA comes as ASN.1 DER. Raises KeyAccessError where they do not fit."""
        if algorithm.key_type is not self.key_type:
            raise KeyAccessError(f"{self.key_type.value} key cannot make {algorithm.label}")
        digest = HASHES[algorithm.digest]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, rsa_padding(algorithm), digest)
        return self._key.sign(data, ec.ECDSA(digest))

    def __repr__(self) -> str:
        """Name the kind of key and nothing of the key."""
        return f"<SoftwareKey {self.key_type.value}>"


def _require_strength(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    if isinstance(key, rsa.RSAPrivateKey):
        if not _RSA_BITS[0] <= key.key_size <= _RSA_BITS[1]:
            raise UnsupportedAlgorithmError(f"RSA key of {key.key_size} bits")
    elif key.curve.name not in _CURVES:
        raise UnsupportedAlgorithmError(f"curve {key.curve.name}")
