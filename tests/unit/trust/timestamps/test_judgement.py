from dataclasses import replace
from datetime import timedelta

import pytest
from asn1crypto import cms
from tests.fakes.pki import CN, NOW, C, certificate, issuing, key
from tests.shared import shared
from tests.unit.trust.timestamps.stamps import DATA, QUERY, authority, token

from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, DigestAlgorithm, Policy
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import SIGN, TSA
from lienthong.trust.timestamps import TimestampVerdict, judge_token
from lienthong.trust.timestamps.tokens import load_signed_data

NAME = [(C, "VN"), (CN, "TSA")]


def old(name: str, policy: Policy, data: bytes | None = None) -> TimestampVerdict:
    tsa = Certificate.from_pem_or_der(shared("fixtures/xroad/timestamps/tsp.pem").read_bytes())
    stamped = shared("fixtures/xroad/timestamps/stamped-data").read_bytes()
    return judge_token(
        shared(f"fixtures/xroad/timestamps/{name}").read_bytes(),
        data=stamped if data is None else data,
        authorities=[tsa],
        policy=policy,
    )


def test_a_token_of_2012_holds_in_archives_only() -> None:
    assert old("valid", ARCHIVAL).holds
    assert old("valid", PRODUCTION).fault_code == "unsupported_algorithm"
    assert old("invalid-signature", ARCHIVAL).fault_code == "timestamp_signer_verification_failed"
    assert old("valid", ARCHIVAL, b"other data").fault_code == "timestamp_response_validation_failed"


def judge(authorities: list[Certificate], *, by: str = "tsa", policy: Policy = PRODUCTION) -> TimestampVerdict:
    return judge_token(token(by=by), data=DATA, authorities=authorities, policy=policy)


def test_an_approved_authority_s_token_holds() -> None:
    verdict = judge([issuing(), authority()])
    assert (verdict.gen_time, verdict.authority, verdict.holds) == (NOW, authority(), True)


def test_an_authority_that_is_not_given_does_not_count_though_the_token_brings_it() -> None:
    assert judge([issuing()]).fault_code == "tsp_certificate_not_found"


def test_another_key_s_signature_does_not_hold() -> None:
    verdict = judge([authority()], by="stranger")
    assert verdict.fault_code == "timestamp_signer_verification_failed"
    assert verdict.gen_time is None


def test_the_policy_counts() -> None:
    weak = replace(PRODUCTION, digests=frozenset({DigestAlgorithm.SHA256}))
    assert judge([authority()], policy=weak).detail == "SHA-512 under policy production"
    assert judge([authority()], policy=replace(PRODUCTION, curves=frozenset())).fault_code == "unsupported_algorithm"


def _namesake(**changed: object) -> Certificate:
    asked: dict[str, object] = {"issuer": issuing(), "issuer_key": key("Issuing"), **changed}
    return certificate(TSA, NAME, key("tsa"), **asked)  # type: ignore[arg-type]  # named above


def test_signing_certificate_names_the_very_certificate() -> None:
    verdict = judge([_namesake(end=NOW + timedelta(days=9))])
    assert "names another certificate" in verdict.detail
    assert judge([_namesake(end=NOW + timedelta(days=9)), authority()]).holds


def _unnamed(attribute: str) -> bytes:
    """The token signed again without one attribute, or with a wrong value of it."""
    from lienthong.trust.algorithms import SignatureAlgorithm

    signed = load_signed_data(token())
    signer = signed["signer_infos"][0]
    kept = [a for a in signer["signed_attrs"] if a["type"].native != attribute]
    if attribute == "content_type":
        kept.append(cms.CMSAttribute({"type": "content_type", "values": ["data"]}))
    if attribute == "message_digest":
        kept.append(cms.CMSAttribute({"type": "message_digest", "values": [b"wrong"]}))
    signer["signed_attrs"] = cms.CMSAttributes(kept)
    signer["signature"] = key("tsa").sign(signer["signed_attrs"].untag().dump(), SignatureAlgorithm.ECDSA_SHA256)
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True)
    return encoded


@pytest.mark.parametrize(("attribute", "word"), [("content_type", "contentType"), ("message_digest", "messageDigest")])
def test_a_wrong_signed_attribute_does_not_count(attribute: str, word: str) -> None:
    verdict = judge_token(_unnamed(attribute), data=DATA, authorities=[authority()], policy=PRODUCTION)
    assert word in verdict.detail


def test_without_signing_certificate_purpose_and_validity_still_count() -> None:
    bare = _unnamed("signing_certificate_v2")
    plain = certificate(SIGN, NAME, key("tsa"), issuer=issuing(), issuer_key=key("Issuing"))
    ended = _namesake(end=NOW - timedelta(seconds=1))
    details = [judge_token(bare, data=DATA, authorities=[tsa], policy=PRODUCTION).detail for tsa in (plain, ended)]
    assert ["not for timestamping" in details[0], "not valid at genTime" in details[1]] == [True, True]
    assert judge_token(bare, data=DATA, authorities=[authority()], policy=PRODUCTION).holds


def test_an_algorithm_nobody_knows_is_refused() -> None:
    signed = load_signed_data(token(QUERY))
    signed["signer_infos"][0]["signature_algorithm"] = {"algorithm": "md5_rsa"}
    changed = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True)
    verdict = judge_token(changed, data=DATA, authorities=[authority()], policy=PRODUCTION)
    assert verdict.fault_code == "unsupported_algorithm"
