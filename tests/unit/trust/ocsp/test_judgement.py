from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest
from asn1crypto import ocsp
from tests.fakes.pki import CN, MEMBER, NOW, C, certificate, issuing, key, root
from tests.shared import shared
from tests.unit.trust.ocsp.answers import answer, responder, signer

from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import OCSP, SIGN
from lienthong.trust.ocsp import (
    CertStatus,
    OcspVerdict,
    Status,
    good_until,
    judge_freshness,
    judge_response,
    judge_static,
)

HOUR = timedelta(hours=1)


def judge(
    response: bytes, *, responders: tuple[Certificate, ...] = (), at: datetime = NOW, **more: object
) -> OcspVerdict:
    asked: dict[str, object] = {"cert": signer(), "issuer": issuing(), "policy": PRODUCTION, **more}
    asked = {"freshness": HOUR, "check_next_update": True, **asked}
    return judge_response(response, responders=responders, at=at, **asked)  # type: ignore[arg-type]  # named above


@pytest.mark.parametrize("number", ["010", "011", "012", "013", "014", "015"])
def test_recorded_answers_are_good_for_an_hour(number: str) -> None:
    folder = shared("fixtures/xroad/live/pki")
    response = shared(f"fixtures/xroad/live/ocsp/{number}.response.der").read_bytes()
    authority = Certificate.from_der((folder / "ca.cert.der").read_bytes())
    certificates = [Certificate.from_der(path.read_bytes()) for path in folder.glob("*.cert.der")]
    verdicts = [judge(response, cert=certificate, issuer=authority, at=NOW) for certificate in certificates]
    good = [verdict for verdict in verdicts if verdict.is_good]
    assert len(good) == 1
    assert good[0].responder is not None
    assert good[0].responder.subject.startswith("CN=Test OCSP Responder")
    late = [judge(response, cert=c, issuer=authority, at=NOW + 2 * HOUR) for c in certificates]
    assert {verdict.fault_code for verdict in late} == {"incorrect_validation_info"}


@pytest.mark.parametrize("by_name", [True, False])
def test_a_delegate_is_authorised(by_name: bool) -> None:
    verdict = judge(answer(by_name=by_name))
    assert verdict.is_good
    assert (verdict.status, verdict.responder) == (Status.GOOD, responder())


def test_the_issuer_itself_is_authorised() -> None:
    assert judge(answer(by=issuing(), by_key=key("Issuing"))).responder == issuing()


@cache
def stranger() -> Certificate:
    return certificate(SIGN, [(C, "VN"), (CN, "Stranger")], key("stranger"))


def test_a_configured_responder_is_authorised_whatever_it_is() -> None:
    response = answer(by=stranger(), by_key=key("stranger"), embed_responder=False)
    assert judge(response, responders=(stranger(),)).is_good
    assert "not known" in judge(response).detail
    assert "not authorised" in judge(response, others=(stranger(),)).detail


def test_an_embedded_stranger_is_not_authorised() -> None:
    verdict = judge(answer(by=stranger(), by_key=key("stranger")))
    assert (verdict.status, verdict.fault_code) == (None, "incorrect_validation_info")
    assert "not authorised" in verdict.detail


def test_ocsp_signing_must_come_from_the_issuer() -> None:
    forged = certificate(OCSP, [(C, "VN"), (CN, "OCSP")], key("forged"), issuer=issuing(), issuer_key=key("forged"))
    assert "not authorised" in judge(answer(by=forged, by_key=key("forged"))).detail
    plain = certificate(SIGN, [(C, "VN"), (CN, "OCSP")], key("plain"), issuer=issuing(), issuer_key=key("Issuing"))
    assert "not authorised" in judge(answer(by=plain, by_key=key("plain"))).detail
    elsewhere = certificate(OCSP, [(C, "VN"), (CN, "OCSP")], key("else"), issuer=root(), issuer_key=key("Root"))
    assert "not authorised" in judge(answer(by=elsewhere, by_key=key("else"))).detail


def test_another_certificate_is_not_meant() -> None:
    assert "another certificate" in judge(answer(serial=5)).detail
    other = certificate(SIGN, MEMBER, key("signer"), issuer=root(), issuer_key=key("Root"))
    assert "another certificate" in judge(answer(), cert=other, issuer=root()).detail


def test_a_signature_by_another_key_does_not_hold() -> None:
    verdict = judge(answer(by_key=key("stranger")))
    assert (verdict.fault_code, verdict.detail) == (
        "incorrect_validation_info",
        "OCSP response signature does not hold",
    )


def test_the_policy_counts() -> None:
    assert "does not count" in judge(answer(), policy=replace(PRODUCTION, digests=frozenset())).detail


AGES = [
    # thisUpdate before the instant, nextUpdate after it, whether nextUpdate is asked, good (message-path s.4.7 rule 5)
    (HOUR, HOUR, True, True),
    (HOUR + timedelta(seconds=1), HOUR, True, False),
    (-HOUR, HOUR, True, True),
    (timedelta(0), timedelta(0), True, True),
    (timedelta(0), -timedelta(seconds=1), True, False),
    (timedelta(0), -timedelta(seconds=1), False, True),
    (timedelta(0), None, True, True),
]


@pytest.mark.parametrize(("age", "left", "asked", "good"), AGES)
def test_freshness(age: timedelta, left: timedelta | None, asked: bool, good: bool) -> None:
    response = answer(this_update=NOW - age, next_update=None if left is None else NOW + left)
    verdict = judge(response, check_next_update=asked)
    assert verdict.is_good is good
    assert verdict.fault_code == (None if good else "incorrect_validation_info")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (CertStatus(status=Status.REVOKED, revoked_at=NOW), "REVOKED"),
        (CertStatus(status=Status.UNKNOWN), "UNKNOWN"),
    ],
)
def test_any_status_but_good_is_refused(status: CertStatus, word: str) -> None:
    verdict = judge(answer(status))
    assert (verdict.status, verdict.fault_code) == (status.status, "cert_validation")
    assert verdict.detail == f"OCSP response indicates certificate status is {word}"


def test_the_costly_half_is_kept_and_the_clock_asked_again() -> None:
    static = judge_static(answer(), cert=signer(), issuer=issuing(), responders=(), policy=PRODUCTION)
    assert static.holds
    early, late = (
        judge_freshness(static, at=at, freshness=HOUR, check_next_update=True) for at in (NOW, NOW + 2 * HOUR)
    )
    assert early.is_good
    assert not late.is_good


def test_an_unknown_algorithm_is_refused() -> None:
    parsed = ocsp.OCSPResponse.load(answer())
    basic = parsed["response_bytes"]["response"].parsed
    basic["signature_algorithm"] = {"algorithm": "md5_rsa"}
    contents = {"response_type": "basic_ocsp_response", "response": basic}
    changed = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": contents}).dump(force=True)
    assert "unknown algorithm" in judge(changed).detail


def test_only_a_good_answer_stays_good_for_a_time() -> None:
    given = {"freshness": HOUR, "check_next_update": False}
    assert good_until(judge(answer()), **given) == NOW + HOUR
    soon = judge(answer(next_update=NOW + HOUR / 2))
    assert good_until(soon, freshness=HOUR, check_next_update=True) == NOW + HOUR / 2
    revoked = judge(answer(CertStatus(status=Status.REVOKED, revoked_at=NOW)))
    assert good_until(revoked, **given) is None
    assert good_until(replace(judge(answer()), this_update=None), **given) is None
