"""Signature algorithms as X.509 AlgorithmIdentifier values, both ways.

Source: RFC 4055 s.3 and s.5; RFC 5758 s.3.2.
"""

from __future__ import annotations

from asn1crypto import algos, core

from lienthong.trust.algorithms import DigestAlgorithm, KeyType, Padding, SignatureAlgorithm
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError

ASN1_ERRORS = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
    NotImplementedError,
    MemoryError,
)
"""What asn1crypto raises on bytes that are not what they claim to be; callers turn it into MalformedEvidenceError."""

_OIDS = {
    SignatureAlgorithm.RSA_SHA1: "1.2.840.113549.1.1.5",
    SignatureAlgorithm.RSA_SHA256: "1.2.840.113549.1.1.11",
    SignatureAlgorithm.RSA_SHA384: "1.2.840.113549.1.1.12",
    SignatureAlgorithm.RSA_SHA512: "1.2.840.113549.1.1.13",
    SignatureAlgorithm.ECDSA_SHA256: "1.2.840.10045.4.3.2",
    SignatureAlgorithm.ECDSA_SHA384: "1.2.840.10045.4.3.3",
    SignatureAlgorithm.ECDSA_SHA512: "1.2.840.10045.4.3.4",
}
_ALGORITHM_BY_OID = {oid: algorithm for algorithm, oid in _OIDS.items()}
_DIGEST_BY_OID = {algorithm.oid: algorithm for algorithm in DigestAlgorithm}
_PSS_BY_DIGEST = {a.digest: a for a in SignatureAlgorithm if a.padding is Padding.PSS}
_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_RSASSA_PSS = "1.2.840.113549.1.1.10"


def identifier_of(algorithm: SignatureAlgorithm) -> algos.SignedDigestAlgorithm:
    """Write *algorithm* as an AlgorithmIdentifier: NULL parameters for RSA, none for ECDSA."""
    if algorithm.padding is Padding.PSS:
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": _pss_parameters(algorithm.digest)})
    identifier = algos.SignedDigestAlgorithm({"algorithm": _OIDS[algorithm]})
    if algorithm.key_type is KeyType.RSA:
        identifier["parameters"] = core.Null()
    return identifier


def algorithm_from_identifier(
    identifier: algos.SignedDigestAlgorithm, digest: DigestAlgorithm | None = None
) -> SignatureAlgorithm:
    """Read an AlgorithmIdentifier of a signature.

    Args:
        digest: What CMS says beside it, needed where the identifier is bare ``rsaEncryption``.
    Raises:
        UnsupportedAlgorithmError: nobody here knows it.
        MalformedEvidenceError: its parameters cannot be read.
    """
    try:
        oid: str = identifier["algorithm"].dotted
        if oid == _RSASSA_PSS:
            return _read_pss(identifier)
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("signature algorithm identifier cannot be read") from exc
    if oid == _RSA_ENCRYPTION and digest is not None:
        return SignatureAlgorithm.for_key(KeyType.RSA, digest)
    if oid not in _ALGORITHM_BY_OID:
        raise UnsupportedAlgorithmError(f"unknown signature algorithm {oid}")
    return _ALGORITHM_BY_OID[oid]


def digest_from_oid(oid: str) -> DigestAlgorithm:
    """Find a digest algorithm by its OID; raises UnsupportedAlgorithmError."""
    if oid not in _DIGEST_BY_OID:
        raise UnsupportedAlgorithmError(f"unknown digest algorithm {oid}")
    return _DIGEST_BY_OID[oid]


def _pss_parameters(digest: DigestAlgorithm) -> algos.RSASSAPSSParams:
    hash_identifier = {"algorithm": digest.oid, "parameters": core.Null()}
    return algos.RSASSAPSSParams(
        {
            "hash_algorithm": hash_identifier,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": hash_identifier},
            "salt_length": len(digest.digest(b"").value),
        }
    )


def _read_pss(identifier: algos.SignedDigestAlgorithm) -> SignatureAlgorithm:
    parameters = identifier["parameters"]
    digest = digest_from_oid(parameters["hash_algorithm"]["algorithm"].dotted)
    mask = parameters["mask_gen_algorithm"]
    mask_digest = digest_from_oid(mask["parameters"]["algorithm"].dotted)
    salt = parameters["salt_length"].native
    if mask["algorithm"].native != "mgf1" or mask_digest is not digest or salt != len(digest.digest(b"").value):
        raise UnsupportedAlgorithmError("PSS parameters other than one digest throughout and a salt of its length")
    if digest not in _PSS_BY_DIGEST:
        raise UnsupportedAlgorithmError(f"PSS with {digest.label}")
    return _PSS_BY_DIGEST[digest]
