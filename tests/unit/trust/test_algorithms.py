"""Which algorithms exist, by their names on the wire; what is not in the table does not count."""

import pytest

from lienthong.trust.algorithms import DigestAlgorithm, KeyType, SignatureAlgorithm
from lienthong.trust.errors import UnsupportedAlgorithmError


@pytest.mark.parametrize("key_type", KeyType)
@pytest.mark.parametrize("digest", [DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512])
def test_every_key_signs_by_one_algorithm(key_type: KeyType, digest: DigestAlgorithm) -> None:
    algorithm = SignatureAlgorithm.for_key(key_type, digest)
    assert (algorithm.key_type, algorithm.digest) == (key_type, digest)
    assert SignatureAlgorithm.from_uri(algorithm.uri) is algorithm


def test_a_pair_that_nobody_named_is_refused() -> None:
    named = {(algorithm.key_type, algorithm.digest) for algorithm in SignatureAlgorithm}
    unnamed = [(k, d) for k in KeyType for d in DigestAlgorithm if (k, d) not in named]
    assert unnamed
    for key_type, digest in unnamed:
        with pytest.raises(UnsupportedAlgorithmError):
            SignatureAlgorithm.for_key(key_type, digest)


@pytest.mark.parametrize("text", ["", "http://www.w3.org/2000/09/xmldsig#dsa-sha1", "rsa"])
def test_an_unknown_name_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedAlgorithmError):
        SignatureAlgorithm.from_uri(text)
