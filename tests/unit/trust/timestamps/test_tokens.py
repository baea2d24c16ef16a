import pytest
from asn1crypto import cms, core
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.pki import NOW
from tests.shared import shared
from tests.unit.trust.timestamps.stamps import authority, token

from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.timestamps import parse_token, with_certificate
from lienthong.trust.timestamps.tokens import load_signed_data


def test_a_token_of_2012_in_ber_is_read() -> None:
    old = parse_token(shared("fixtures/xroad/timestamps/valid").read_bytes())
    assert old.gen_time.isoformat() == "2012-11-29T13:10:04+00:00"
    assert old.policy_oid == "1.2.3"


def test_the_certificate_goes_in_and_nothing_else_changes() -> None:
    stored = with_certificate(token(), authority())
    assert parse_token(stored) == parse_token(token())
    certificates = load_signed_data(stored)["certificates"]
    assert [certificate.chosen.dump() for certificate in certificates] == [authority().der]
    assert with_certificate(stored, authority()) == stored


def test_a_signer_may_be_named_by_key_identifier() -> None:
    signed = load_signed_data(token())
    identifier = core.OctetString(authority().extensions.subject_key_identifier)
    signed["signer_infos"][0]["sid"] = cms.SignerIdentifier("subject_key_identifier", identifier)
    changed = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True)
    assert parse_token(changed).names_signer(authority())
    assert parse_token(changed).gen_time == NOW


def _with_signers(signers: list[cms.SignerInfo]) -> bytes:
    signed = load_signed_data(token())
    signed["signer_infos"] = signers
    encoded: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump(force=True)
    return encoded


def test_exactly_one_signer_signs() -> None:
    one = load_signed_data(token())["signer_infos"][0]
    for signers in ([], [one, one]):
        with pytest.raises(MalformedEvidenceError):
            parse_token(_with_signers(signers))


def test_a_signed_attribute_comes_once() -> None:
    one = load_signed_data(token())["signer_infos"][0]
    one["signed_attrs"] = [*one["signed_attrs"], one["signed_attrs"][0]]
    with pytest.raises(MalformedEvidenceError, match="more than once"):
        parse_token(_with_signers([one]))


def test_an_unknown_digest_is_unsupported() -> None:
    one = load_signed_data(token())["signer_infos"][0]
    one["digest_algorithm"] = {"algorithm": "md5"}
    with pytest.raises(UnsupportedAlgorithmError):
        parse_token(_with_signers([one]))


NOT_SIGNED = cms.ContentInfo({"content_type": "data", "content": b"x"}).dump()


@pytest.mark.parametrize("data", [b"", b"\x00" * 300_000, NOT_SIGNED])
def test_what_is_no_token_is_malformed(data: bytes) -> None:
    for read in (parse_token, lambda one: with_certificate(one, authority())):
        with pytest.raises(MalformedEvidenceError):
            read(data)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_token(data)


@settings(deadline=None)
@given(st.integers(0, 5000), st.integers(0, 255), st.booleans())
def test_a_mutation_is_refused_or_read(position: int, value: int, cut: bool) -> None:
    data = bytearray(token())
    data[position % len(data)] = value
    try:
        parse_token(bytes(data[: position % len(data)] if cut else data))
    except (MalformedEvidenceError, UnsupportedAlgorithmError):
        return
