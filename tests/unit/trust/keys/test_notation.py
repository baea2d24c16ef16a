import pytest
from asn1crypto import algos

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.keys import algorithm_from_identifier, identifier_of
from lienthong.trust.keys.notation import digest_from_oid


@pytest.mark.parametrize("algorithm", list(SignatureAlgorithm))
def test_what_is_written_is_read(algorithm: SignatureAlgorithm) -> None:
    written = identifier_of(algorithm).dump()
    assert algorithm_from_identifier(algos.SignedDigestAlgorithm.load(written)) is algorithm


def test_bare_rsa_takes_the_digest_beside_it() -> None:
    bare = algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"})
    assert algorithm_from_identifier(bare, DigestAlgorithm.SHA384) is SignatureAlgorithm.RSA_SHA384
    with pytest.raises(UnsupportedAlgorithmError):
        algorithm_from_identifier(bare)


def _pss(digest: str, mask: str, salt: int) -> algos.SignedDigestAlgorithm:
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": digest},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": mask}},
            "salt_length": salt,
        }
    )
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})


@pytest.mark.parametrize(
    "identifier",
    [
        algos.SignedDigestAlgorithm({"algorithm": "md5_rsa"}),
        _pss("sha256", "sha1", 32),
        _pss("sha256", "sha256", 20),
        _pss("sha1", "sha1", 20),
    ],
)
def test_the_unknown_is_unsupported(identifier: algos.SignedDigestAlgorithm) -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        algorithm_from_identifier(identifier)


def test_pss_without_readable_parameters_is_malformed() -> None:
    broken = algos.SignedDigestAlgorithm.load(bytes.fromhex("300f06092a864886f70d01010a30020201"))
    with pytest.raises(MalformedEvidenceError):
        algorithm_from_identifier(broken)


def test_md5_is_no_digest() -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        digest_from_oid("1.2.840.113549.2.5")
