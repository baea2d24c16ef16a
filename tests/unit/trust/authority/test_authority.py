from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.fakes.judges import openssl, pkilint
from tests.fakes.pki import CN, MEMBER, NOW, C, TestAuthority, certificate, key, settings
from tests.shared import shared

from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm, KeyType
from lienthong.trust.authority import Authority
from lienthong.trust.certificates import (
    PROFILES,
    Certificate,
    build_request,
    find_path,
    is_signing,
    judge_path,
)
from lienthong.trust.certificates.profiles import AUTHENTICATION, CA, SIGN, TLS_SERVER
from lienthong.trust.errors import AuthorityError, MalformedEvidenceError
from lienthong.trust.ocsp import OcspVerdict, Status, judge_response, parse_response
from lienthong.trust.ocsp import build_request as ask
from lienthong.trust.timestamps import build_query, judge_token, read_reply

HOUR = timedelta(hours=1)


@pytest.fixture
def founded(tmp_path: Path) -> TestAuthority:
    return TestAuthority(tmp_path / "authority")


@pytest.fixture
def authority(founded: TestAuthority) -> Iterator[Authority]:
    made = founded.create()
    yield made
    made.close()


def signer(authority: Authority, name: str = "signer") -> Certificate:
    return authority.issue_certificate(SIGN, build_request(key(name), MEMBER))


def judge(authority: Authority, issued: Certificate, founded: TestAuthority) -> OcspVerdict:
    return judge_response(
        authority.answer_ocsp(ask(issued, authority.issuing)),
        cert=issued,
        issuer=authority.issuing,
        responders=(),
        at=founded.surroundings.now,
        freshness=HOUR,
        check_next_update=True,
        policy=PRODUCTION,
    )


def test_what_it_certifies_has_a_path_and_a_good_status(authority: Authority, founded: TestAuthority) -> None:
    made = signer(authority)
    path = find_path(made, [authority.issuing], [authority.root])
    assert judge_path(path, at=NOW, policy=PRODUCTION).is_valid
    assert is_signing(made)
    assert judge(authority, made, founded).is_good
    assert authority.ocsp_answer_for(made) == authority.answer_ocsp(ask(made, authority.issuing))


def test_revocation_shows_at_once_and_the_first_one_stands(authority: Authority, founded: TestAuthority) -> None:
    made = signer(authority)
    assert judge(authority, made, founded).is_good
    authority.revoke(made.serial, reason="keyCompromise")
    authority.revoke(made.serial, reason="superseded")
    verdict = judge(authority, made, founded)
    assert (verdict.status, verdict.fault_code) == (Status.REVOKED, "cert_validation")
    assert parse_response(authority.ocsp_answer_for(made)).status.reason == "keyCompromise"


def test_everything_survives_a_restart(founded: TestAuthority) -> None:
    first = founded.create()
    good, revoked = signer(first, "a"), signer(first, "b")
    first.revoke(revoked.serial)
    names = (first.root, first.issuing, first.tsa, first.ocsp_responder, first.root_ocsp_responder)
    first.close()
    second = founded.open()
    assert (second.root, second.issuing, second.tsa, second.ocsp_responder, second.root_ocsp_responder) == names
    assert judge(second, good, founded).is_good
    assert judge(second, revoked, founded).status is Status.REVOKED
    second.close()


def test_an_answer_is_signed_ahead_and_anew_when_it_gets_old(authority: Authority, founded: TestAuthority) -> None:
    made = signer(authority)
    assert made.serial in list(authority.refresh_answers())
    assert list(authority.refresh_answers()) == []
    first = authority.ocsp_answer_for(made)
    founded.surroundings.now += timedelta(minutes=9)
    assert authority.ocsp_answer_for(made) == first
    founded.surroundings.now += timedelta(minutes=1)
    assert authority.ocsp_answer_for(made) != first
    founded.surroundings.now += timedelta(minutes=5)
    assert made.serial in list(authority.refresh_answers())


def test_the_root_answers_for_the_issuing_ca(authority: Authority) -> None:
    answer = authority.answer_ocsp(ask(authority.issuing, authority.root))
    assert parse_response(answer).status.status is Status.GOOD


def test_what_it_never_issued_is_unknown(authority: Authority) -> None:
    stranger = certificate(SIGN, MEMBER, key("stranger"), serial=123)
    answer = authority.answer_ocsp(ask(stranger, authority.issuing))
    assert parse_response(answer).status.status is Status.UNKNOWN
    with pytest.raises(MalformedEvidenceError, match="unauthorized"):
        parse_response(authority.answer_ocsp(ask(stranger, stranger)))
    with pytest.raises(MalformedEvidenceError, match="malformed_request"):
        parse_response(authority.answer_ocsp(b"?"))


def test_a_weak_key_is_not_certified(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=1024).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
    )
    openssl("req", "-new", "-key", tmp_path / "key.pem", "-subj", "/C=VN/O=GOV/CN=x", "-out", tmp_path / "request")
    with pytest.raises(AuthorityError, match="1024 bits"):
        authority.issue_certificate(SIGN, (tmp_path / "request").read_bytes())


def test_time_is_stamped(authority: Authority) -> None:
    query = build_query(DigestAlgorithm.SHA512.digest(b"data"))
    token = read_reply(authority.stamp(query), query=query)
    verdict = judge_token(token, data=b"data", authorities=[authority.tsa], policy=PRODUCTION)
    assert verdict.gen_time == NOW


def test_the_recorded_query_is_stamped(authority: Authority) -> None:
    query = shared("fixtures/xroad/live/tsa/014.request.der").read_bytes()
    assert read_reply(authority.stamp(query), query=query)


def test_judges_find_nothing_in_what_it_issues(authority: Authority, tmp_path: Path) -> None:
    made = [signer(authority), authority.issue_certificate(AUTHENTICATION, build_request(key("a"), MEMBER))]
    own = [authority.issuing, authority.tsa, authority.ocsp_responder]
    for number, issued in enumerate(made + own):
        path = tmp_path / f"{number}.der"
        path.write_bytes(issued.der)
        assert pkilint("lint_pkix_cert", path) == []


def test_the_list_grows_and_is_kept_while_fresh(authority: Authority, founded: TestAuthority, tmp_path: Path) -> None:
    first = authority.crl("issuing")
    assert authority.crl("issuing") == first
    made = signer(authority)
    authority.revoke(made.serial)
    (tmp_path / "list").write_bytes(authority.crl("issuing"))
    assert f"{made.serial:X}" in openssl("crl", "-inform", "DER", "-in", tmp_path / "list", "-noout", "-text")
    founded.surroundings.now += timedelta(hours=6)
    assert authority.crl("root") != first
    with pytest.raises(AuthorityError):
        authority.crl("other")


def test_the_ra_may_say_another_subject(authority: Authority) -> None:
    request = build_request(key("tls"), [(CN, "asked")], dns_names=["asked.vn"])
    subject = [(C, "VN"), (CN, "given")]
    made = authority.issue_certificate(
        TLS_SERVER, request, subject=subject, dns_names=["given.vn"], validity=timedelta(days=2)
    )
    assert made.subject == "CN=given,C=VN"
    assert made.extensions.dns_names == ("given.vn",)
    assert made.not_after < NOW + timedelta(days=2)


def test_nothing_outlives_the_ca(authority: Authority) -> None:
    made = authority.issue_certificate(SIGN, build_request(key("k"), MEMBER), validity=timedelta(days=9999))
    assert made.not_after == authority.issuing.not_after


def test_refusals(authority: Authority) -> None:
    with pytest.raises(AuthorityError, match="no further CA"):
        authority.issue_certificate(CA, build_request(key("k"), MEMBER))
    with pytest.raises(AuthorityError, match=r"lacks 2\.5\.4\.10"):
        authority.issue_certificate(SIGN, build_request(key("k"), [(C, "VN"), (CN, "x")]))
    with pytest.raises(AuthorityError, match="every attribute"):
        authority.issue_certificate(PROFILES["SEAL"], build_request(key("k"), []))
    request = build_request(key("k"), MEMBER)
    forged = request[:-1] + bytes([request[-1] ^ 1])
    with pytest.raises(AuthorityError, match="its own key"):
        authority.issue_certificate(SIGN, forged)
    with pytest.raises(AuthorityError, match="no certificate"):
        authority.revoke(1)
    with pytest.raises(AuthorityError, match="unknown reason"):
        authority.revoke(1, reason="whim")
    with pytest.raises(AuthorityError, match="no CA"):
        authority.revoke(1, ca="other")


def test_a_folder_holds_one_authority(founded: TestAuthority, authority: Authority, tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="already"):
        founded.create()
    with pytest.raises(AuthorityError, match="no authority"):
        TestAuthority(tmp_path / "empty").open()
    assert authority.settings is founded.settings


def test_an_rsa_authority_without_address(tmp_path: Path) -> None:
    plain = settings(key_type=KeyType.RSA, rsa_bits=2048, public_url=None, ocsp_by_name=True)
    made = TestAuthority(tmp_path / "rsa", plain).create()
    plainly = signer(made)
    assert plainly.extensions.ocsp_urls == ()
    assert parse_response(made.ocsp_answer_for(plainly)).responder_name is not None
    made.close()
