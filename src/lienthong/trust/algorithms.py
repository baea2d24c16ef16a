"""Digest and signature algorithms, their names in every notation, and the policies that allow them.

A digest never travels without its algorithm (:class:`Digest`). A policy is a value handed to whoever judges; nothing
here chooses one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import msgspec

from lienthong.trust.errors import UnsupportedAlgorithmError

_T = TypeVar("_T")
_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_DSIG_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_XMLENC = "http://www.w3.org/2001/04/xmlenc#"
_PSS = "http://www.w3.org/2007/05/xmldsig-more#"


class DigestAlgorithm(Enum):
    """A hash function: hashlib name, X-Road name, XML URI, OID.

    Source: RFC 9231 s.2.1; RFC 5754.
    """

    SHA1 = ("sha1", "SHA-1", f"{_DSIG}sha1", "1.3.14.3.2.26")
    SHA224 = ("sha224", "SHA-224", f"{_DSIG_MORE}sha224", "2.16.840.1.101.3.4.2.4")
    SHA256 = ("sha256", "SHA-256", f"{_XMLENC}sha256", "2.16.840.1.101.3.4.2.1")
    SHA384 = ("sha384", "SHA-384", f"{_DSIG_MORE}sha384", "2.16.840.1.101.3.4.2.2")
    SHA512 = ("sha512", "SHA-512", f"{_XMLENC}sha512", "2.16.840.1.101.3.4.2.3")

    def __init__(self, hashlib_name: str, label: str, uri: str, oid: str) -> None:
        self.hashlib_name = hashlib_name
        self.label = label
        self.uri = uri
        self.oid = oid
        self._hash = getattr(hashlib, hashlib_name)

    __hash__ = object.__hash__
    """Members are compared by identity; the hash that Enum inherits is a slower function of the name."""

    def digest(self, data: bytes) -> Digest:
        """Hash *data*."""
        return Digest(self, self._hash(data).digest())

    @classmethod
    def from_uri(cls, uri: str) -> DigestAlgorithm:
        """Find by XML algorithm URI; raises UnsupportedAlgorithmError."""
        return _find(_DIGEST_BY_URI, uri)

    @classmethod
    def from_label(cls, label: str) -> DigestAlgorithm:
        """Find by X-Road name such as ``SHA-512``; raises UnsupportedAlgorithmError."""
        return _find(_DIGEST_BY_LABEL, label)


class Digest(msgspec.Struct, frozen=True, gc=False):
    """A digest value together with the algorithm that made it."""

    algorithm: DigestAlgorithm
    value: bytes


class KeyType(Enum):
    """Kind of asymmetric key."""

    RSA = "RSA"
    EC = "EC"


class Padding(Enum):
    """How a signature is formed from the digest."""

    PKCS1 = "pkcs1"
    PSS = "pss"
    """Salt length equals the digest length."""
    ECDSA = "ecdsa"
    """Raw r‖s in XML, ASN.1 DER in global configuration and management requests."""


class SignatureAlgorithm(Enum):
    """A signature algorithm: key type, padding, digest, XML URI, Java name.

    Source: RFC 9231 s.2.3; governance dossier s.7.
    """

    RSA_SHA1 = (KeyType.RSA, Padding.PKCS1, DigestAlgorithm.SHA1, f"{_DSIG}rsa-sha1", "SHA1withRSA")
    RSA_SHA256 = (KeyType.RSA, Padding.PKCS1, DigestAlgorithm.SHA256, f"{_DSIG_MORE}rsa-sha256", "SHA256withRSA")
    RSA_SHA384 = (KeyType.RSA, Padding.PKCS1, DigestAlgorithm.SHA384, f"{_DSIG_MORE}rsa-sha384", "SHA384withRSA")
    RSA_SHA512 = (KeyType.RSA, Padding.PKCS1, DigestAlgorithm.SHA512, f"{_DSIG_MORE}rsa-sha512", "SHA512withRSA")
    PSS_SHA256 = (
        KeyType.RSA,
        Padding.PSS,
        DigestAlgorithm.SHA256,
        f"{_PSS}sha256-rsa-MGF1",
        "SHA256withRSAandMGF1",
    )
    PSS_SHA384 = (
        KeyType.RSA,
        Padding.PSS,
        DigestAlgorithm.SHA384,
        f"{_PSS}sha384-rsa-MGF1",
        "SHA384withRSAandMGF1",
    )
    PSS_SHA512 = (
        KeyType.RSA,
        Padding.PSS,
        DigestAlgorithm.SHA512,
        f"{_PSS}sha512-rsa-MGF1",
        "SHA512withRSAandMGF1",
    )
    ECDSA_SHA256 = (KeyType.EC, Padding.ECDSA, DigestAlgorithm.SHA256, f"{_DSIG_MORE}ecdsa-sha256", "SHA256withECDSA")
    ECDSA_SHA384 = (KeyType.EC, Padding.ECDSA, DigestAlgorithm.SHA384, f"{_DSIG_MORE}ecdsa-sha384", "SHA384withECDSA")
    ECDSA_SHA512 = (KeyType.EC, Padding.ECDSA, DigestAlgorithm.SHA512, f"{_DSIG_MORE}ecdsa-sha512", "SHA512withECDSA")

    def __init__(self, key_type: KeyType, padding: Padding, digest: DigestAlgorithm, uri: str, label: str) -> None:
        self.key_type = key_type
        self.padding = padding
        self.digest = digest
        self.uri = uri
        self.label = label

    @classmethod
    def from_uri(cls, uri: str) -> SignatureAlgorithm:
        """Find by XML algorithm URI; raises UnsupportedAlgorithmError."""
        return _find(_SIGNATURE_BY_URI, uri)

    @classmethod
    def for_key(cls, key_type: KeyType, digest: DigestAlgorithm = DigestAlgorithm.SHA512) -> SignatureAlgorithm:
        """The algorithm X-Road uses by default for a key: PKCS#1 v1.5 for RSA, ECDSA for EC."""
        wanted = (key_type, Padding.PKCS1 if key_type is KeyType.RSA else Padding.ECDSA, digest)
        for algorithm in cls:
            if (algorithm.key_type, algorithm.padding, algorithm.digest) == wanted:
                return algorithm
        raise UnsupportedAlgorithmError(f"no signature algorithm for {key_type.value} with {digest.label}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Which algorithms and key sizes count as evidence."""

    name: str
    """Named in every report."""
    digests: frozenset[DigestAlgorithm]
    """Digests of data objects, and inside signatures."""
    rsa_bits_min: int
    rsa_bits_max: int
    curves: frozenset[str]
    """Names as cryptography spells them: ``secp256r1``, ``secp384r1``."""

    def allows_rsa(self, bits: int) -> bool:
        """Whether an RSA key of this size may sign."""
        return self.rsa_bits_min <= bits <= self.rsa_bits_max


_STRONG = frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512})
_CURVES = frozenset({"secp256r1", "secp384r1"})

PRODUCTION = Policy(name="production", digests=_STRONG, rsa_bits_min=2048, rsa_bits_max=4096, curves=_CURVES)
ARCHIVAL = Policy(
    name="archival",
    digests=_STRONG | {DigestAlgorithm.SHA1, DigestAlgorithm.SHA224},
    rsa_bits_min=1024,
    rsa_bits_max=4096,
    curves=_CURVES,
)
"""For archives of 2012–2017 only: also sha1WithRSA and RSA-1024. Never chosen by itself, never by a server."""

POLICIES = {policy.name: policy for policy in (PRODUCTION, ARCHIVAL)}

_DIGEST_BY_URI = {a.uri: a for a in DigestAlgorithm}
_DIGEST_BY_LABEL = {a.label: a for a in DigestAlgorithm}
_SIGNATURE_BY_URI = {a.uri: a for a in SignatureAlgorithm}


def _find(table: dict[str, _T], name: str) -> _T:
    try:
        return table[name]
    except KeyError:
        raise UnsupportedAlgorithmError(f"unknown algorithm {name!r}") from None
