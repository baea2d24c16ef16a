"""Whether a signature holds under a public key, and whether a policy lets that count.

Source: RFC 8017 s.8; FIPS 186-5 s.6.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lienthong.trust.algorithms import DigestAlgorithm, KeyType, Padding, Policy, SignatureAlgorithm
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys.ecdsa import EcdsaFormat, der_from_raw

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

HASHES: dict[DigestAlgorithm, hashes.HashAlgorithm] = {
    DigestAlgorithm.SHA1: hashes.SHA1(),  # noqa: S303 - judged by the policy, not chosen here
    DigestAlgorithm.SHA224: hashes.SHA224(),
    DigestAlgorithm.SHA256: hashes.SHA256(),
    DigestAlgorithm.SHA384: hashes.SHA384(),
    DigestAlgorithm.SHA512: hashes.SHA512(),
}


@lru_cache(maxsize=1024)
def load_public_key(public_key_der: bytes) -> PublicKey:
    """Parse a SubjectPublicKeyInfo once; the same bytes later cost a dictionary look-up.

    Raises:
        MalformedEvidenceError: not a public key.
        UnsupportedAlgorithmError: a key that is neither RSA nor EC on a named curve.
    """
    try:
        key = load_der_public_key(public_key_der)
    except UnsupportedAlgorithm as exc:
        raise UnsupportedAlgorithmError("public key of an unknown kind or curve") from exc
    except (ValueError, TypeError) as exc:
        raise MalformedEvidenceError("public key cannot be read") from exc
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise UnsupportedAlgorithmError(f"public key of kind {type(key).__name__}")
    return key


def require_key_allowed(public_key_der: bytes, policy: Policy) -> None:
    """Raise UnsupportedAlgorithmError where *policy* refuses a key of this size or curve."""
    key = load_public_key(public_key_der)
    if isinstance(key, rsa.RSAPublicKey):
        if not policy.allows_rsa(key.key_size):
            raise UnsupportedAlgorithmError(f"RSA key of {key.key_size} bits under policy {policy.name}")
    elif key.curve.name not in policy.curves:
        raise UnsupportedAlgorithmError(f"curve {key.curve.name} under policy {policy.name}")


def verify_signature(
    public_key_der: bytes,
    data: bytes,
    signature: bytes,
    algorithm: SignatureAlgorithm,
    *,
    policy: Policy,
    ecdsa: EcdsaFormat = EcdsaFormat.DER,
) -> bool:
    """Decide whether *signature* over *data* was made with the key, by an algorithm that *policy* allows.

    Args:
        public_key_der: SubjectPublicKeyInfo, DER.
    Returns:
        False also where key and algorithm do not fit together, or the signature is no signature at all.
    Raises:
        UnsupportedAlgorithmError: the policy refuses the digest, key size or curve.
        MalformedEvidenceError: the public key cannot be read.
    """
    if algorithm.digest not in policy.digests:
        raise UnsupportedAlgorithmError(f"{algorithm.label} under policy {policy.name}")
    require_key_allowed(public_key_der, policy)
    return signature_holds(public_key_der, data, signature, algorithm, ecdsa=ecdsa)


def signature_holds(
    public_key_der: bytes,
    data: bytes,
    signature: bytes,
    algorithm: SignatureAlgorithm,
    *,
    ecdsa: EcdsaFormat = EcdsaFormat.DER,
) -> bool:
    """Whether the mathematics hold, policy aside; for callers that have asked the policy already."""
    key = load_public_key(public_key_der)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            return _verify_rsa(key, data, signature, algorithm)
        return _verify_ec(key, data, signature, algorithm, ecdsa)
    except InvalidSignature:
        return False


def rsa_padding(algorithm: SignatureAlgorithm) -> padding.AsymmetricPadding:
    """The padding of an RSA algorithm; PSS with one digest throughout and a salt of its length."""
    if algorithm.padding is Padding.PSS:
        digest = HASHES[algorithm.digest]
        return padding.PSS(mgf=padding.MGF1(digest), salt_length=digest.digest_size)
    return padding.PKCS1v15()


def _verify_rsa(key: rsa.RSAPublicKey, data: bytes, signature: bytes, algorithm: SignatureAlgorithm) -> bool:
    if algorithm.key_type is not KeyType.RSA:
        return False
    key.verify(signature, data, rsa_padding(algorithm), HASHES[algorithm.digest])
    return True


def _verify_ec(
    key: ec.EllipticCurvePublicKey, data: bytes, signature: bytes, algorithm: SignatureAlgorithm, ecdsa: EcdsaFormat
) -> bool:
    if algorithm.key_type is not KeyType.EC:
        return False
    if ecdsa is EcdsaFormat.RAW:
        if len(signature) != 2 * ((key.curve.key_size + 7) // 8):
            return False
        signature = der_from_raw(signature)
    key.verify(signature, data, ec.ECDSA(HASHES[algorithm.digest]))
    return True
