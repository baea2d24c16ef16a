"""Hash chains judged, with the codes that other servers give."""

import pytest
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain import ChainInput, build_chains, verify_chain
from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, Digest, DigestAlgorithm

SHA256, SHA512 = DigestAlgorithm.SHA256, DigestAlgorithm.SHA512
NAME = "/hashchain.xml"
FOUR = {
    name: Digest(SHA256, bytes([11 + n]))
    for n, name in enumerate(["/message.xml", *(f"/attachment{k}" for k in (1, 2, 3))])
}
M, A = SHA512.digest(b"m"), SHA512.digest(b"a")
BUILT = build_chains([[ChainInput("/message.xml", M), ChainInput("/attachment1", A)]] * 2)
GOOD = {"/message.xml": M, "/attachment1": A}


def fixture(name: str) -> bytes:
    return shared(f"fixtures/xroad/hashchains/hc-verifier{name}.xml").read_bytes()


def code_of(*args: object, **kwargs: object) -> str:
    with pytest.raises(Fault) as caught:
        verify_chain(*args, **kwargs)  # type: ignore[arg-type]  # passed through
    prefix, _, word = caught.value.code.partition(".")
    assert prefix == "malformed_signature"
    return word


def test_first_fixture() -> None:
    result, chain = fixture("1-hashchainresult"), fixture("1-hashchain")
    two = {"/message.xml": SHA256.digest(b"two")}
    assert verify_chain(result, chain, two, chain_name=NAME)[0].is_present
    more = {**two, "/attachment1": SHA256.digest(b"")}
    assert code_of(result, chain, more, chain_name=NAME) == "hashchain_unused_inputs"
    changed = {"/message.xml": SHA256.digest(b"three")}
    assert code_of(result, chain, changed, chain_name=NAME) == "invalid_hash_chain"


def test_second_fixture() -> None:
    covered = verify_chain(fixture("2-hashchainresult"), fixture("2-hashchain"), FOUR, chain_name=NAME)
    assert {part.name: part.digest for part in covered} == FOUR


def test_third_fixture() -> None:
    result, message = fixture("3-hashchainresult"), fixture("3-message")
    assert verify_chain(result, fixture("3-hashchain"), {}, lambda name: message, chain_name=NAME)
    code = code_of(result, fixture("3-hashchain-invalid"), {}, lambda name: message, chain_name=NAME)
    assert code == "invalid_hash_chain_ref"
    digest = {"/message.xml": SHA256.digest(message)}
    assert code_of(result, fixture("3-hashchain"), digest, chain_name=NAME) == "invalid_hash_chain_ref"
    assert code_of(result, fixture("3-hashchain"), {"/message.xml": b"<a"}, chain_name=NAME) == "invalid_hash_chain_ref"


def test_absent_attachment() -> None:
    only = {"/message.xml": M}
    assert code_of(BUILT.result, BUILT.chains[0], only) == "invalid_hash_chain_ref"
    covered = verify_chain(BUILT.result, BUILT.chains[0], only, accept_absent=True)
    assert [part.is_present for part in covered] == [True, False]
    assert code_of(BUILT.result, BUILT.chains[0], {"/attachment1": A}, accept_absent=True) == "invalid_hash_chain_ref"


def test_bytes_are_compared_with_what_the_chain_states() -> None:
    assert verify_chain(BUILT.result, BUILT.chains[0], {"/message.xml": b"m", "/attachment1": b"a"})
    bad = {"/message.xml": b"m", "/attachment1": b"b"}
    assert code_of(BUILT.result, BUILT.chains[0], bad) == "invalid_hash_chain_ref"


def test_digest_by_another_algorithm() -> None:
    bad = {**GOOD, "/attachment1": SHA256.digest(b"a")}
    assert code_of(BUILT.result, BUILT.chains[0], bad) == "invalid_hash_chain"


def swapped(old: bytes, new: bytes) -> bytes:
    assert old in BUILT.chains[0]
    return BUILT.chains[0].replace(old, new)


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        (b"<a/>", "malformed_hash_chain"),
        (b"", "malformed_hash_chain"),
        (swapped(b'URI="#STEP1"', b'URI="#STEP0"'), "malformed_hash_chain"),
        (swapped(b'"/attachment1"', b'"/message.xml"'), "malformed_hash_chain"),
        (swapped(b'URI="#STEP1"', b'URI="#STEP9"'), "invalid_hash_chain_ref"),
        (swapped(b'URI="#STEP1"', b'URI="/sig-hashchain.xml#STEP1"'), "invalid_hash_chain_ref"),
        (swapped(b'id="STEP0"', b'id="STEP7"'), "invalid_hash_chain_ref"),
        (swapped(b"xmlenc#sha512", b"xmlenc#md5"), "unsupported_algorithm"),
        (
            swapped(b"http://www.w3.org/2001/04/xmlenc#sha512", b"http://www.w3.org/2000/09/xmldsig#sha1"),
            "unsupported_algorithm",
        ),
    ],
)
def test_chains_refused(chain: bytes, code: str) -> None:
    assert code_of(BUILT.result, chain, GOOD) == code


def test_result_must_name_the_chain() -> None:
    for uri in (b"/hashchain.xml#STEP0", b"#STEP0", b"http://x/sig-hashchain.xml#STEP0", b"/sig-hashchain.xml"):
        result = BUILT.result.replace(b"/sig-hashchain.xml#STEP0", uri)
        assert code_of(result, BUILT.chains[0], GOOD) == "invalid_hash_chain_ref"


def test_policy_decides_on_weak_digests() -> None:
    sha1 = DigestAlgorithm.SHA1
    built = build_chains([[ChainInput("/message.xml", sha1.digest(b""))]], algorithm=sha1)
    inputs = {"/message.xml": sha1.digest(b"")}
    assert verify_chain(built.result, built.chains[0], inputs, policy=ARCHIVAL)
    assert code_of(built.result, built.chains[0], inputs, policy=PRODUCTION) == "unsupported_algorithm"


def test_too_deep() -> None:
    steps = "".join(f'<HashStep id="S{n}"><StepRef URI="#S{n + 1}"/></HashStep>' for n in range(80))
    chain = (
        '<HashChain xmlns="http://cyber.ee/hashchain"><DefaultDigestMethod '
        f'Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/>{steps}<HashStep id="S80"/></HashChain>'
    )
    result = BUILT.result.replace(b"#STEP0", b"#S0")
    assert code_of(result, chain.replace("<StepRef", "<StepRef").encode(), {}) == "malformed_hash_chain"
