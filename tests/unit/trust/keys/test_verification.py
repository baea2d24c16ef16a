from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.pki import key
from tests.shared import shared

from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, DigestAlgorithm, KeyType, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys import EcdsaFormat, raw_from_der, require_key_allowed, verify_signature

RSA = [a for a in SignatureAlgorithm if a.key_type is KeyType.RSA and a is not SignatureAlgorithm.RSA_SHA1]
EC = [a for a in SignatureAlgorithm if a.key_type is KeyType.EC]


@pytest.mark.parametrize("algorithm", RSA + EC)
def test_what_a_key_signs_holds_and_nothing_else_does(algorithm: SignatureAlgorithm) -> None:
    signer = key(algorithm.key_type.value, algorithm.key_type)
    signature = signer.sign(b"data", algorithm)
    assert verify_signature(signer.public_key_der, b"data", signature, algorithm, policy=PRODUCTION)
    assert not verify_signature(signer.public_key_der, b"date", signature, algorithm, policy=PRODUCTION)


def test_raw_and_der_are_not_taken_for_each_other() -> None:
    signer, algorithm = key("EC"), SignatureAlgorithm.ECDSA_SHA512
    der = signer.sign(b"data", algorithm)
    raw = raw_from_der(der, 32)
    assert verify_signature(signer.public_key_der, b"data", raw, algorithm, policy=PRODUCTION, ecdsa=EcdsaFormat.RAW)
    assert not verify_signature(
        signer.public_key_der, b"data", der, algorithm, policy=PRODUCTION, ecdsa=EcdsaFormat.RAW
    )
    assert not verify_signature(signer.public_key_der, b"data", raw, algorithm, policy=PRODUCTION)


def test_an_algorithm_of_the_other_key_type_does_not_hold() -> None:
    for mine, other in ((KeyType.RSA, SignatureAlgorithm.ECDSA_SHA256), (KeyType.EC, SignatureAlgorithm.RSA_SHA256)):
        assert not verify_signature(key(mine.value, mine).public_key_der, b"", b"x", other, policy=PRODUCTION)


def test_the_policy_is_asked_first() -> None:
    rsa, ec = key("RSA", KeyType.RSA).public_key_der, key("EC").public_key_der
    signature = key("RSA", KeyType.RSA).sign(b"old", SignatureAlgorithm.RSA_SHA1)
    with pytest.raises(UnsupportedAlgorithmError, match="SHA1withRSA"):
        verify_signature(rsa, b"old", signature, SignatureAlgorithm.RSA_SHA1, policy=PRODUCTION)
    assert verify_signature(rsa, b"old", signature, SignatureAlgorithm.RSA_SHA1, policy=ARCHIVAL)
    with pytest.raises(UnsupportedAlgorithmError, match="2048 bits"):
        require_key_allowed(rsa, replace(PRODUCTION, rsa_bits_min=3072))
    with pytest.raises(UnsupportedAlgorithmError, match="secp256r1"):
        require_key_allowed(ec, replace(PRODUCTION, curves=frozenset()))


def test_rsa_1024_counts_in_archives_only() -> None:
    old = Certificate.from_pem_or_der(shared("fixtures/xroad/timestamps/tsp.pem").read_bytes())
    require_key_allowed(old.public_key_der, ARCHIVAL)
    with pytest.raises(UnsupportedAlgorithmError, match="1024"):
        require_key_allowed(old.public_key_der, PRODUCTION)


def test_a_key_of_another_kind_is_unsupported() -> None:
    ed25519 = bytes.fromhex("302a300506032b6570032100") + bytes(range(32))
    with pytest.raises(UnsupportedAlgorithmError):
        require_key_allowed(ed25519, PRODUCTION)


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_random_bytes_are_no_public_key(data: bytes) -> None:
    with pytest.raises((MalformedEvidenceError, UnsupportedAlgorithmError)):
        require_key_allowed(data, PRODUCTION)


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_random_bytes_are_no_signature(data: bytes) -> None:
    for name in EcdsaFormat:
        assert not verify_signature(
            key("EC").public_key_der, b"data", data, SignatureAlgorithm.ECDSA_SHA256, policy=PRODUCTION, ecdsa=name
        )


def test_every_digest_has_a_hash() -> None:
    assert all(
        SignatureAlgorithm.for_key(KeyType.EC, digest).digest is digest
        for digest in (DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512)
    )
