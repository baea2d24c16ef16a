from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.fakes.pki import CN, MEMBER, NOW, C, certificate, issuing, key, root
from tests.shared import shared

from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, SignatureAlgorithm
from lienthong.trust.certificates import Certificate, find_path, judge_path, signed_by
from lienthong.trust.certificates.profiles import CA, ROOT, SIGN


@cache
def leaf(start: datetime = NOW - timedelta(days=1), end: datetime = NOW + timedelta(days=365)) -> Certificate:
    return certificate(SIGN, MEMBER, key("leaf"), issuer=issuing(), issuer_key=key("Issuing"), start=start, end=end)


def test_the_recorded_chain_holds() -> None:
    read = lambda name: Certificate.from_der(shared(f"fixtures/xroad/live/pki/{name}.cert.der").read_bytes())  # noqa: E731
    path = find_path(read("ss1-sign-ec"), [], [read("ca")])
    assert judge_path(path, at=NOW, policy=PRODUCTION).is_valid


def test_a_path_of_three_holds() -> None:
    path = find_path(leaf(), [issuing()], [root()])
    assert path == (leaf(), issuing(), root())
    assert judge_path(path, at=NOW, policy=PRODUCTION).is_valid


def test_an_anchor_need_not_be_a_root() -> None:
    path = find_path(leaf(), [], [issuing()])
    assert path == (leaf(), issuing())
    assert judge_path(path, at=NOW, policy=PRODUCTION).is_valid


def test_an_anchor_alone_is_its_own_path() -> None:
    assert find_path(root(), [], [root()]) == (root(),)
    assert judge_path([root()], at=NOW, policy=PRODUCTION).is_valid
    assert judge_path([root()], at=NOW + timedelta(days=9999), policy=PRODUCTION).problem == "cert_validity_time"


def test_without_the_intermediate_there_is_no_path() -> None:
    path = find_path(leaf(), [], [root()])
    assert judge_path(path, at=NOW, policy=PRODUCTION).problem == "cannot_create_cert_path"


def test_a_namesake_is_no_issuer() -> None:
    namesake = certificate(ROOT, [(C, "VN"), (CN, "Root")], key("namesake"))
    assert find_path(leaf(), [issuing()], [namesake]) == ()
    assert judge_path((issuing(), namesake), at=NOW, policy=PRODUCTION).problem == "invalid_cert_path"


def test_cross_signed_rings_end() -> None:
    ring = [
        certificate(ROOT, [(CN, "A")], key("ring"), issuer=certificate(ROOT, [(CN, "B")], key("ring")), serial=serial)
        for serial in range(1, 20)
    ]
    ring += [certificate(ROOT, [(CN, "B")], key("ring"), issuer=ring[0], serial=serial) for serial in range(1, 20)]
    below = certificate(SIGN, MEMBER, key("leaf"), issuer=ring[0], issuer_key=key("ring"))
    assert find_path(below, ring, [root()]) == ()


@pytest.mark.parametrize("at", [NOW - timedelta(days=2), NOW + timedelta(days=366)])
def test_outside_its_validity_a_certificate_does_not_count(at: datetime) -> None:
    path = (leaf(), issuing(), root())
    assert judge_path(path, at=at, policy=PRODUCTION).problem == "cert_validity_time"


def test_an_end_entity_issues_nothing() -> None:
    below = certificate(SIGN, MEMBER, key("below"), issuer=leaf(), issuer_key=key("leaf"))
    verdict = judge_path((below, leaf(), issuing(), root()), at=NOW, policy=PRODUCTION)
    assert verdict.problem == "invalid_cert_path"
    assert "not a CA" in verdict.detail


def test_the_path_length_counts() -> None:
    deeper = certificate(CA, [(CN, "Deeper")], key("deeper"), issuer=issuing(), issuer_key=key("Issuing"))
    below = certificate(SIGN, MEMBER, key("below"), issuer=deeper, issuer_key=key("deeper"))
    verdict = judge_path((below, deeper, issuing(), root()), at=NOW, policy=PRODUCTION)
    assert verdict.problem == "invalid_cert_path"
    assert "pathLenConstraint" in verdict.detail


def test_a_wrong_issuer_name_does_not_count() -> None:
    verdict = judge_path((leaf(), root()), at=NOW, policy=PRODUCTION)
    assert "issuer name" in verdict.detail


def test_old_algorithms_count_in_archives_only() -> None:
    old = Certificate.from_pem_or_der(shared("fixtures/xroad/timestamps/tsp.pem").read_bytes())
    assert judge_path((old, root()), at=NOW, policy=PRODUCTION).problem == "unsupported_algorithm"
    assert judge_path((old, root()), at=NOW, policy=ARCHIVAL).problem == "invalid_cert_path"


def test_whose_signature_it_is() -> None:
    assert signed_by(leaf(), issuing())
    assert not signed_by(leaf(), root())


def _changed(made: Certificate, change: Callable[[x509.Certificate], None], signer: str = "Issuing") -> Certificate:
    """The certificate with a change, signed again."""
    parsed = x509.Certificate.load(made.der)
    change(parsed)
    tbs = parsed["tbs_certificate"].dump(force=True)
    parsed["signature_value"] = key(signer).sign(tbs, SignatureAlgorithm.ECDSA_SHA256)
    return Certificate.from_der(parsed.dump(force=True))


def _forget_algorithm(parsed: x509.Certificate) -> None:
    for place in (parsed["tbs_certificate"]["signature"], parsed["signature_algorithm"]):
        place["algorithm"] = "1.2.840.113549.1.1.4"


def _take_key(public_key_der: bytes) -> Callable[[x509.Certificate], None]:
    def change(parsed: x509.Certificate) -> None:
        parsed["tbs_certificate"]["subject_public_key_info"] = x509.PublicKeyInfo.load(public_key_der)

    return change


def _add_critical(parsed: x509.Certificate) -> None:
    constraint = {
        "extn_id": "2.5.29.36",
        "critical": True,
        "extn_value": x509.PolicyConstraints({"require_explicit_policy": 0}),
    }
    parsed["tbs_certificate"]["extensions"].append(x509.Extension(constraint))


P521 = (
    ec.generate_private_key(ec.SECP521R1()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
)


@pytest.mark.parametrize(
    ("change", "problem", "word"),
    [
        (_forget_algorithm, "unsupported_algorithm", "unknown"),
        (_take_key(P521), "unsupported_algorithm", "secp521r1"),
        (_add_critical, "invalid_cert_path", "2.5.29.36"),
    ],
)
def test_what_nobody_here_processes_does_not_count(
    change: Callable[[x509.Certificate], None], problem: str, word: str
) -> None:
    verdict = judge_path((_changed(leaf(), change), issuing(), root()), at=NOW, policy=PRODUCTION)
    assert verdict.problem == problem
    assert word in verdict.detail


def test_a_key_that_is_none_signs_nothing() -> None:
    broken = _take_key(P521[:-1] + bytes([P521[-1] ^ 1]))
    nobody = _changed(issuing(), broken, "Root")
    assert not signed_by(leaf(), nobody)
    assert not signed_by(_changed(leaf(), _forget_algorithm), issuing())
    assert judge_path((leaf(), nobody, root()), at=NOW, policy=PRODUCTION).problem == "unsupported_algorithm"


def test_a_ca_needs_key_cert_sign() -> None:
    unable = replace(CA, key_usage=("cRLSign",))
    middle = certificate(unable, [(CN, "Middle")], key("middle"), issuer=root(), issuer_key=key("Root"))
    below = certificate(SIGN, MEMBER, key("leaf"), issuer=middle, issuer_key=key("middle"))
    assert "keyUsage" in judge_path((below, middle, root()), at=NOW, policy=PRODUCTION).detail


def test_a_chain_that_is_too_long_is_no_path() -> None:
    chain = [root()]
    for number in range(10):
        above = "Root" if number == 0 else f"ca{number - 1}"
        name = [(CN, f"ca{number}")]
        chain.append(certificate(ROOT, name, key(f"ca{number}"), issuer=chain[-1], issuer_key=key(above)))
    assert len(find_path(chain[7], chain[1:7], chain[:1])) == 8
    assert find_path(chain[9], chain[1:9], chain[:1]) == ()
