"""Messages judged on the wire: our own, the fixtures of X-Road, and recordings that were altered on the way."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from tests.fakes import pki
from tests.fakes.signing import BODY, MESSAGE, SHA512, SIGNER, KnownAuthorities, KnownCa, Signer, signed, trust
from tests.shared import shared

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, ChainInput, build_chains
from lienthong.exchange.message.verification import (
    Circumstances,
    MessageVerdict,
    SignedParts,
    check_signature,
    judge_message,
    verify_message_signature,
)
from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, DigestAlgorithm, KeyType, Policy, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import AUTHENTICATION, ROOT, SIGN
from lienthong.trust.keys.ecdsa import raw_from_der
from lienthong.trust.ocsp import Status
from lienthong.trust.validation import Indication
from lienthong.trust.xades import build_signature
from lienthong.trust.xades.names import C14N, DS
from lienthong.trust.xades.xml import canonicalize, read_xml

PLAIN = SignedParts(parts={"/message.xml": MESSAGE})
AT = Circumstances(at=pki.NOW)
CONSUMER = ClientId("EE", "BUSINESS", "consumer")
OLD = datetime(2014, 10, 30, tzinfo=UTC)


@cache
def conf(name: str) -> GlobalConfSet:
    return GlobalConfFolder(shared(f"fixtures/xroad/globalconf/{name}")).load()


def fixture(name: str) -> bytes:
    return shared(f"fixtures/xroad/signatures/{name}").read_bytes()


def judge(xml: bytes, message: SignedParts = PLAIN, **changed: object) -> MessageVerdict:
    given: dict[str, object] = {"signer": SIGNER, "trust": trust(), **changed}
    circumstances = given.pop("circumstances", AT)
    return verify_message_signature(xml, message, circumstances, **given)  # type: ignore[arg-type]  # passed through


def code_of(verdict: MessageVerdict) -> str | None:
    return None if verdict.fault is None else verdict.fault.code


def batch() -> SignedParts:
    own = [ChainInput("/message.xml", SHA512.digest(MESSAGE)), ChainInput("/attachment1", SHA512.digest(BODY))]
    built = build_chains([own, [ChainInput("/message.xml", SHA512.digest(b"another"))]])
    parts = {"/message.xml": MESSAGE, "/attachment1": SHA512.digest(BODY)}
    return SignedParts(parts=parts, hash_chain_result=built.result, hash_chain=built.chains[0])


def sign_batch(message: SignedParts) -> bytes:
    assert message.hash_chain_result is not None
    return Signer().sign(signed(SIGNATURE_RESULT, message.hash_chain_result, "application/hash-chain-result"))


@pytest.mark.parametrize("key_type", KeyType)
def test_plain_signature(key_type: KeyType) -> None:
    verdict = judge(Signer(key_type=key_type).sign())
    assert verdict.is_valid
    assert [part.name for part in verdict.parts] == ["/message.xml"]
    report = verdict.report()
    assert report.indication is Indication.TOTAL_PASSED
    assert report.signer == "VN/GOV/000.00.00.H10/onestop"
    assert report.revocation[0].status == "GOOD"
    assert [c.subject for c in report.chain][1:] == [pki.root().subject]


def test_batch_signature() -> None:
    message = batch()
    verdict = judge(sign_batch(message), message)
    assert code_of(verdict) is None
    assert {part.name for part in verdict.parts} == {"/message.xml", "/attachment1"}


def test_many_references_without_a_chain() -> None:
    xml = Signer().sign(signed("/message.xml", MESSAGE), signed("/attachment1", BODY))
    parts = {"/message.xml": MESSAGE, "/attachment1": BODY}
    assert judge(xml, SignedParts(parts=parts)).is_valid
    assert code_of(judge(xml, SignedParts(parts={**parts, "/attachment1": b""}))) == "invalid_signature_value"
    assert code_of(judge(xml)) == "invalid_signature_value"


def test_one_check_serves_a_whole_batch() -> None:
    message = batch()
    check = check_signature(sign_batch(message), instance="VN", trust=trust(), policy=PRODUCTION)
    assert judge_message(check, message, AT, signer=SIGNER, trust=trust()).is_valid
    other = SignedParts(
        parts={"/message.xml": b"x"}, hash_chain_result=message.hash_chain_result, hash_chain=message.hash_chain
    )
    assert code_of(judge_message(check, other, AT, signer=SIGNER, trust=trust())) == (
        "malformed_signature.invalid_hash_chain_ref"
    )


def test_changed_message() -> None:
    changed = SignedParts(parts={"/message.xml": MESSAGE + b"x:y\r\n"})
    assert code_of(judge(Signer().sign(), changed)) == "invalid_signature_value"
    message = batch()
    altered = SignedParts(
        parts={**message.parts, "/attachment1": SHA512.digest(b"")},
        hash_chain_result=message.hash_chain_result,
        hash_chain=message.hash_chain,
    )
    assert code_of(judge(sign_batch(message), altered)) == "malformed_signature.invalid_hash_chain"


def test_part_that_nothing_covers() -> None:
    more = SignedParts(parts={"/message.xml": MESSAGE, "/attachment1": b"smuggled"})
    assert code_of(judge(Signer().sign(), more)) == "malformed_signature"


def test_chain_that_the_signature_does_not_refer_to() -> None:
    assert code_of(judge(Signer().sign(), batch())) == "malformed_signature"


@pytest.mark.parametrize("name", ["hash_chain", "hash_chain_result"])
def test_half_a_chain(name: str) -> None:
    message = batch()
    half = SignedParts(parts=message.parts, **{name: getattr(message, name)})
    assert code_of(judge(sign_batch(message), half)) == "malformed_signature"


def test_chain_missing_though_signed() -> None:
    assert code_of(judge(sign_batch(batch()), SignedParts(parts={}))) == "invalid_signature_value"


def test_signing_certificate_property_of_another() -> None:
    xml, other = Signer().sign(), Signer(name="Other").sign()
    cert = b"<ds:KeyInfo>" + other.split(b"<ds:KeyInfo>")[1].split(b"</ds:KeyInfo>")[0] + b"</ds:KeyInfo>"
    own = b"<ds:KeyInfo>" + xml.split(b"<ds:KeyInfo>")[1].split(b"</ds:KeyInfo>")[0] + b"</ds:KeyInfo>"
    assert code_of(judge(xml.replace(own, cert))) == "incorrect_certificate"


def test_twice_the_same_id() -> None:
    assert code_of(judge(Signer().sign().replace(b'Id="signature-value"', b'Id="signature"'))) == "malformed_signature"


def test_value_that_does_not_hold() -> None:
    xml = Signer().sign()
    at = xml.index(b"<ds:SignatureValue") + 60
    other = b"B" if xml[at : at + 1] != b"B" else b"C"
    assert code_of(judge(xml[:at] + other + xml[at + 1 :])) == "invalid_signature_value"


@pytest.mark.parametrize("signer", [ClientId("VN", "GOV", "G01"), ClientId("VN", "COM", "000.00.00.H10", "onestop")])
def test_somebody_else(signer: ClientId) -> None:
    assert code_of(judge(Signer().sign(), signer=signer)) == "incorrect_certificate"


def test_member_level_is_enough() -> None:
    assert judge(Signer().sign(), signer=ClientId("VN", "GOV", "000.00.00.H10", "other")).is_valid


def test_unknown_authority() -> None:
    verdict = judge(Signer().sign(), trust=KnownAuthorities(authorities=()))
    assert code_of(verdict) == "cannot_create_cert_path"
    assert verdict.report().missing == (f"certificate of {pki.root().subject}",)


def test_authentication_certificate_cannot_sign() -> None:
    assert code_of(judge(Signer(name="Auth", profile=AUTHENTICATION).sign())) == "malformed_signature"


@pytest.mark.parametrize(
    ("signer", "code"),
    [
        (Signer(status=Status.REVOKED), "invalid_cert_path.cert_validation"),
        (Signer(status=Status.UNKNOWN), "invalid_cert_path.cert_validation"),
        (Signer(this_update=pki.NOW - timedelta(hours=2)), "invalid_cert_path.incorrect_validation_info"),
        (Signer(answers=0), "malformed_signature"),
    ],
)
def test_status_of_the_certificate(signer: Signer, code: str) -> None:
    assert code_of(judge(signer.sign())) == code


def test_no_answer_about_the_certificate() -> None:
    xml = Signer(answers=0).sign()
    verdict = judge(xml, check_structure=False)
    assert code_of(verdict) == "invalid_cert_path.cert_validation"
    assert verdict.report().indication is Indication.INDETERMINATE


def test_answer_nobody_can_read_proves_nothing() -> None:
    xml = (
        Signer(answers=0)
        .sign()
        .replace(
            b"<xades:OCSPValues>", b"<xades:OCSPValues><xades:EncapsulatedOCSPValue>AAAA</xades:EncapsulatedOCSPValue>"
        )
    )
    assert code_of(judge(xml)) == "invalid_cert_path.cert_validation"


def test_outside_the_validity_of_the_certificate() -> None:
    late = Circumstances(at=pki.NOW + timedelta(days=400))
    assert code_of(judge(Signer().sign(), circumstances=late)) == "invalid_cert_path.cert_validity_time"


FIXTURES = [
    ("sign-0.xml", None),
    ("sign-0-old-format.xml", None),
    ("sign-0-invalid-signature-value.xml", "invalid_signature_value"),
    ("empty.xml", "invalid_xml"),
    ("sign-0-malformed-xml.xml", "invalid_xml"),
    ("sign-0-no-signature.xml", "malformed_signature"),
    ("sign-0-no-objectcontainer.xml", "malformed_signature"),
    ("sign-0-schema-fail.xml", "malformed_signature"),
    ("extra-certs-missing-cert.xml", "malformed_signature"),
    ("xades.signature.ts.xml", "malformed_signature"),
]


def judge_old(name: str, message: SignedParts, signer: ClientId = CONSUMER, policy: Policy = ARCHIVAL) -> str | None:
    circumstances = Circumstances(at=OLD)
    trusted = conf("globalconf_good_v4")
    return code_of(
        judge(fixture(name), message, circumstances=circumstances, signer=signer, trust=trusted, policy=policy)
    )


@pytest.mark.parametrize(("name", "code"), FIXTURES)
def test_fixtures(name: str, code: str | None) -> None:
    assert judge_old(name, SignedParts(parts={"/message.xml": fixture("message-0.xml")})) == code


@pytest.mark.parametrize("name", ["sign-0.xml", "sign-0-old-format.xml", "sign-0-invalid-signature-value.xml"])
def test_old_fixtures_under_production(name: str) -> None:
    message = SignedParts(parts={"/message.xml": fixture("message-0.xml")})
    assert judge_old(name, message, policy=PRODUCTION) == "malformed_signature.unsupported_algorithm"


def test_fixture_of_another_signer() -> None:
    message = SignedParts(parts={"/message.xml": fixture("message-0.xml")})
    assert judge_old("sign-0.xml", message, ClientId("EE", "BUSINESS", "producer")) == "incorrect_certificate"


def old_batch(chain: str) -> SignedParts:
    return SignedParts(
        parts={"/message.xml": fixture("message-1.xml"), "/attachment1": b"blaah"},
        hash_chain_result=fixture("hash-chain-result.xml"),
        hash_chain=fixture(chain),
    )


def test_batch_fixture() -> None:
    assert judge_old("batch-sig.xml", old_batch("hash-chain-1.xml")) is None


def test_batch_fixture_with_the_chain_of_another_message() -> None:
    assert judge_old("batch-sig.xml", old_batch("hash-chain-2.xml")) == "malformed_signature.invalid_hash_chain"


@pytest.mark.parametrize("policy", [ARCHIVAL, PRODUCTION])
def test_signature_of_another_library(policy: Policy) -> None:
    names = ("message.xml", "attachment1")
    parts = {f"/{name}": fixture(f"non-batch-sig/{name}") for name in names}
    given: dict[str, object] = {
        "circumstances": Circumstances(at=datetime(2024, 7, 9, 7, 40, tzinfo=UTC)),
        "signer": ClientId("DEV", "COM", "4321"),
        "trust": conf("globalconf_good2_v3"),
        "policy": policy,
    }
    xml = fixture("non-batch-sig/signatures.xml")
    assert code_of(judge(xml, SignedParts(parts=parts), **given)) is None
    altered = {**parts, "/attachment1": DigestAlgorithm.SHA512.digest(b"x")}
    assert code_of(judge(xml, SignedParts(parts=altered), **given)) == "invalid_signature_value"


def test_a_signature_that_cannot_be_read_has_nothing_missing() -> None:
    verdict = judge(b"<a")
    assert (code_of(verdict), verdict.report().missing) == ("invalid_xml", ())


def test_a_signer_that_is_an_anchor_itself_has_no_path() -> None:
    own = pki.certificate(SIGN, pki.MEMBER, pki.key("Own"))
    xml = build_signature(pki.key("Own"), own, [signed("/message.xml", MESSAGE)], pki.NOW, ocsp_values=())
    nobody_above = KnownAuthorities(authorities=(KnownCa(certificate=own),))
    assert code_of(judge(xml, trust=nobody_above, check_structure=False)) == "cannot_create_cert_path"


def with_certificate(old: bytes, new: bytes) -> bytes:
    """A signature whose certificate was changed after it was issued; its own digest of it fits."""
    signer = Signer()
    der = signer.certificate.der
    assert old in der
    changed = Certificate.from_der(der.replace(old, new))
    return build_signature(
        signer.key, changed, [signed("/message.xml", MESSAGE)], pki.NOW, ocsp_values=signer.ocsp_values
    )


ECDSA_WITH_SHA256 = bytes.fromhex("06082a8648ce3d040302")
POINT = bytes.fromhex("034200") + b"\x04"


def test_a_certificate_signed_by_an_unknown_algorithm_does_not_count() -> None:
    xml = with_certificate(ECDSA_WITH_SHA256, ECDSA_WITH_SHA256[:-1] + b"\x63")
    assert code_of(judge(xml)) == "malformed_signature.unsupported_algorithm"


def test_a_certificate_whose_key_is_none_is_malformed() -> None:
    assert code_of(judge(with_certificate(POINT, POINT[:-1] + b"\x09"))) == "malformed_signature"


def test_an_authority_with_a_key_that_the_policy_refuses_gives_no_path() -> None:
    """The signer's own key is allowed, the root's is too short."""
    short = pki.certificate(ROOT, [(pki.C, "VN"), (pki.CN, "Root")], pki.key("Short", KeyType.RSA))
    own = pki.certificate(SIGN, pki.MEMBER, pki.key("Signer"), issuer=short, issuer_key=pki.key("Short", KeyType.RSA))
    xml = build_signature(pki.key("Signer"), own, [signed("/message.xml", MESSAGE)], pki.NOW, ocsp_values=())
    demanding = replace(PRODUCTION, name="demanding", rsa_bits_min=3072)
    trusted = KnownAuthorities(authorities=(KnownCa(certificate=short),))
    verdict = judge(xml, trust=trusted, policy=demanding, check_structure=False)
    assert code_of(verdict) == "malformed_signature.unsupported_algorithm"


SOAP = b'<a xmlns="urn:x"  b = "1"><!-- said --></a>'


@pytest.mark.parametrize(("message", "holds"), [(SOAP, True), (SOAP.replace(b"1", b"2"), False), (b"<a", False)])
def test_a_message_may_be_signed_in_its_canonical_form(message: bytes, holds: bool) -> None:
    """Source: XML Signature s.4.4.3.4; genuine servers sign the bytes, other libraries a form of them."""
    plain = Signer().sign(signed("/message.xml", canonicalize(read_xml(SOAP), C14N)))
    transforms = f'<ds:Transforms><ds:Transform Algorithm="{C14N}"></ds:Transform></ds:Transforms>'
    digest_method = b'URI="/message.xml"><ds:DigestMethod'
    xml = plain.replace(digest_method, digest_method.replace(b"<ds:Digest", transforms.encode() + b"<ds:Digest"))
    signed_info = read_xml(xml).find(f".//{{{DS}}}SignedInfo")
    assert signed_info is not None
    value = pki.key("Signer").sign(canonicalize(signed_info, C14N), SignatureAlgorithm.for_key(KeyType.EC))
    before, start, rest = xml.partition(b'Id="signature-value">')
    xml = before + start + base64.b64encode(raw_from_der(value, 32)) + rest[rest.index(b"<") :]
    verdict = judge(xml, SignedParts(parts={"/message.xml": message}))
    assert code_of(verdict) == (None if holds else "invalid_signature_value")
