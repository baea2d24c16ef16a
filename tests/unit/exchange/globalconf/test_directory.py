"""Signed directories: the published samples with their known verdicts, our own writer, and any bytes at all."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.instances import NOW, certificate, signer
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.exchange.globalconf.directory import DirectoryPart, SignedDirectory, read_directory
from lienthong.exchange.globalconf.directory_writing import write_directory
from lienthong.exchange.globalconf.document import SMALL_SIZE_MAX
from lienthong.exchange.globalconf.lexical import read_instant
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, DigestAlgorithm, KeyType, SignatureAlgorithm
from lienthong.trust.certificates import Certificate

BEFORE = datetime(2014, 1, 1, tzinfo=UTC)
AFTER = datetime(2026, 5, 20, 17, 42, 55, tzinfo=UTC)
BOUNDARIES = ("A" * 20, "b" * 20)
PART = DirectoryPart(
    identifier="SHARED-PARAMETERS",
    instance="VN",
    location="/V6/20261125030000000000000/shared-params.xml",
    digest=DigestAlgorithm.SHA512.digest(b"<x/>"),
)


def verdict(data: bytes, certificates: list[bytes], at: datetime = NOW) -> str:
    try:
        read_directory(data, certificates=certificates, at=at)
    except Fault as fault:
        return fault.code
    return "valid"


def consumer() -> list[bytes]:
    path = shared("fixtures/xroad/signed-directory/textual/consumer.pem")
    return [Certificate.from_pem_or_der(path.read_bytes()).der]


def test_the_first_of_all_days_is_no_expiry_date_where_it_does_not_exist_in_utc() -> None:
    assert read_instant("0001-01-01T00:00:00+14:00") is None
    assert read_instant("9999-12-31T23:59:59-14:00") is None
    assert read_instant("2026-11-25T03:00:00") is None  # no offset, no instant
    assert read_instant("0001-01-01T14:00:00+14:00") is not None


@pytest.mark.parametrize("policy", [PRODUCTION, ARCHIVAL])
@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("simple", BEFORE, "valid"),
        ("simple", AFTER - timedelta(seconds=1), "valid"),
        ("simple", AFTER, "global_conf_outdated"),
        ("detached", BEFORE, "valid"),
        ("missing-date", BEFORE, "global_conf_header_field_missing"),
        ("invalid-signature", BEFORE, "global_conf_signature_verification_failure"),
        ("missing-signature", BEFORE, "global_conf_signature_verification_failure"),
        ("malformed", BEFORE, "global_conf_missing_signed_data_expiration_date"),
    ],
)
def test_textual_samples(name: str, at: datetime, expected: str, policy: object) -> None:
    data = shared(f"fixtures/xroad/signed-directory/textual/test-conf-{name}.txt").read_bytes()
    assert verdict(data, consumer(), at) == expected


def test_a_sample_under_another_certificate() -> None:
    data = shared("fixtures/xroad/signed-directory/textual/test-conf-simple.txt").read_bytes()
    assert verdict(data, [certificate("other").der], BEFORE) == "global_conf_missing_verification_cert"


def published(version: int, name: str, trusted: str) -> tuple[str, list[str]]:
    base = shared(f"fixtures/xroad/signed-directory/V{version}")
    anchor = read_anchor(shared("fixtures/xroad/anchors/configuration_anchor_CS_internal.xml").read_bytes())
    parameters = codec_for(max(version, 4)).read_shared(next(base.glob("*/shared-params.xml")).read_bytes())
    kind = f"{name.removesuffix('conf')}_certificates"
    certificates = {
        "anchor": [der for place in anchor.sources for der in place.certificates],
        "source": [der for source in parameters.sources for der in getattr(source, kind)],
    }[trusted]
    try:
        directory = read_directory((base / name).read_bytes(), certificates=certificates, at=NOW)
        for part in directory.parts:
            part.require_intact(base.parent.joinpath(*part.location.split("/")).read_bytes())
    except Fault as fault:
        return fault.code, []
    return "valid", [part.identifier for part in directory.parts]


@pytest.mark.parametrize(
    ("version", "name", "trusted", "expected"),
    [
        (3, "internalconf", "source", "valid"),
        (3, "externalconf", "source", "valid"),
        (3, "internalconf", "anchor", "global_conf_missing_verification_cert"),
        (6, "internalconf", "anchor", "valid"),
        (6, "internalconf", "source", "global_conf_missing_verification_cert"),
        (6, "externalconf", "source", "global_conf_part_downloaded_file_integrity_failure"),
    ],
)
def test_published_directories(version: int, name: str, trusted: str, expected: str) -> None:
    code, identifiers = published(version, name, trusted)
    assert code == expected
    assert "PRIVATE-PARAMETERS" not in identifiers or name == "internalconf"


def written(key_type: KeyType = KeyType.EC, part: DirectoryPart = PART) -> bytes:
    return write_directory(
        [part],
        expires=NOW + timedelta(seconds=600),
        version=6,
        signer=signer("internal", key_type),
        boundaries=BOUNDARIES,
    )


@pytest.mark.parametrize("key_type", list(KeyType))
def test_what_we_write_is_read(key_type: KeyType) -> None:
    directory = read_directory(written(key_type), certificates=[certificate("internal", key_type).der], at=NOW)
    assert directory == SignedDirectory(
        expires=NOW + timedelta(seconds=600),
        version=6,
        parts=(PART,),
        certificate=certificate("internal", key_type),
    )
    assert directory.part("SHARED-PARAMETERS", "VN") == PART
    assert directory.part("SHARED-PARAMETERS", "XX") is None


def test_the_document_looks_like_a_genuine_one() -> None:
    ours = written(KeyType.RSA).decode().split("\r\n")
    genuine = shared("fixtures/xroad/signed-directory/V6/externalconf").read_bytes().decode().split("\r\n")
    fields = [line.partition(":")[0] for line in genuine if ": " in line]
    assert [line.partition(":")[0] for line in ours if ": " in line] == fields
    assert [len(line) for line in ours if line.startswith("--")] == [len(x) for x in genuine if x.startswith("--")]
    assert len(ours) == len(genuine)


def test_line_ends_may_be_lf_only_when_signed_so() -> None:
    trusted = [certificate("internal").der]
    assert verdict(written().replace(b"\r\n", b"\n"), trusted) == "global_conf_signature_verification_failure"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"Version: 6", b"Version: 5", "global_conf_signature_verification_failure"),
        (b"Signature-Algorithm-Id", b"X-Algorithm-Id", "global_conf_header_field_missing"),
        (b"ecdsa-sha512", b"ecdsa-sha1", "global_conf_signature_verification_failure"),
        (b"; hash-algorithm-id=", b"; other=", "global_conf_header_field_missing_parameter"),
        (b'xmlenc#sha512"\r\n\r\n', b'xmlenc#sha512"\r\n\r\n!', "global_conf_signature_decode_failure"),
        (b"multipart/related", b"multipart/other", "global_conf_header_field_wrong_value"),
        (b"; boundary=" + b"A" * 20, b"", "global_conf_header_field_missing_parameter"),
        (b"Content-Type: multipart/related", b"X: multipart/related", "global_conf_header_field_missing"),
    ],
)
def test_what_is_wrong_with_a_document_has_its_code(old: bytes, new: bytes, expected: str) -> None:
    data = written()
    assert old in data
    assert verdict(data.replace(old, new, 1), [certificate("internal").der]) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"instance": None}, "global_conf_header_field_missing_parameter"),
        ({"location": "//other.example/x"}, "global_conf_header_field_wrong_value"),
        ({"location": "/V6/../../x"}, "global_conf_header_field_wrong_value"),
        ({"location": "http://other.example/x"}, "global_conf_header_field_wrong_value"),
        ({"digest": DigestAlgorithm.SHA1.digest(b"")}, "global_conf_header_field_wrong_value"),
    ],
)
def test_what_is_wrong_with_a_signed_part_has_its_code(changed: dict[str, object], expected: str) -> None:
    fields = {name: getattr(PART, name) for name in ("identifier", "instance", "location", "digest")}
    part = DirectoryPart(**{**fields, **changed})
    assert verdict(written(part=part), [certificate("internal").der]) == expected


def signed_anew(old: bytes, new: bytes) -> bytes:
    """The document with other signed data, under a signature that holds."""
    head, mark, rest = written().partition(b"boundary=" + BOUNDARIES[1].encode() + b"\r\n\r\n")
    signed, end, tail = rest.partition(b"\r\n--" + BOUNDARIES[0].encode() + b"\r\n")
    assert old in signed
    changed = signed.replace(old, new, 1)
    value = signer("internal").key.sign(changed, SignatureAlgorithm.for_key(KeyType.EC))
    fields = tail.partition(b"\r\n\r\n")[0]
    closing = b"\r\n--" + BOUNDARIES[0].encode() + b"--\r\n"
    return head + mark + changed + end + fields + b"\r\n\r\n" + base64.b64encode(value) + closing


PART_BYTES = written().partition(b"Version: 6\r\n\r\n")[2].partition(b"--" + BOUNDARIES[1].encode() + b"--")[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"Version: 6", b"Version: 6", "valid"),
        (b"Expire-date: ", b"\r\nExpire-date: ", "global_conf_header_field_missing"),
        (b"Version: 6", b"Version: six", "global_conf_header_field_wrong_value"),
        (b"Expire-date: ", b"Expire-date: on ", "global_conf_header_field_wrong_value"),
        (b"Version: 6", b"Version 6", "global_conf_parsing_downloaded_conf_directory_failure"),
        (b"Expire-date: ", b"Expire-date: \xc3\xa9", "global_conf_parsing_downloaded_conf_directory_failure"),
        (b"Version: 6", b"Version: 6\r\nVersion: 6", "global_conf_header_field_wrong_value"),
        (b"encoding: base64", b"encoding: binary", "global_conf_header_field_wrong_value"),
        (PART_BYTES, PART_BYTES + PART_BYTES, "global_conf_parsing_downloaded_conf_directory_failure"),
        (PART_BYTES, b"", "valid"),
    ],
)
def test_a_signature_that_holds_makes_no_nonsense_true(old: bytes, new: bytes, expected: str) -> None:
    assert verdict(signed_anew(old, new), [certificate("internal").der]) == expected


def test_signed_data_without_any_part_have_no_expiry() -> None:
    inner = b"--" + BOUNDARIES[1].encode()
    whole = written().partition(b"boundary=" + BOUNDARIES[1].encode() + b"\r\n\r\n")[2]
    signed = whole.partition(b"\r\n--" + BOUNDARIES[0].encode() + b"\r\n")[0]
    empty = signed_anew(signed, inner + b"--\r\n")
    assert verdict(empty, [certificate("internal").der]) == "global_conf_missing_signed_data_expiration_date"


def test_a_document_is_bounded_and_holds_two_things() -> None:
    trusted = [certificate("internal").der]
    assert (
        verdict(written() + bytes(SMALL_SIZE_MAX), trusted) == "global_conf_parsing_downloaded_conf_directory_failure"
    )
    third = b"--" + BOUNDARIES[0].encode() + b"\r\nX: y\r\n\r\nz\r\n--" + BOUNDARIES[0].encode() + b"--"
    more = written().replace(b"--" + BOUNDARIES[0].encode() + b"--", third)
    assert verdict(more, trusted) == "global_conf_parsing_downloaded_conf_directory_failure"


def test_a_trusted_certificate_that_is_none_verifies_nothing() -> None:
    """Its hash is the one that the document names."""
    digest = signer("internal").certificate.hash(DigestAlgorithm.SHA512).value
    named = written().replace(base64.b64encode(digest), base64.b64encode(DigestAlgorithm.SHA512.digest(b"x").value))
    assert verdict(named, [b"x"]) == "global_conf_missing_verification_cert"


def test_an_empty_document_holds_no_signed_data() -> None:
    head = b"Content-Type: multipart/related; boundary=x\r\n\r\n"
    assert verdict(head, []) == "global_conf_missing_signed_data"


def test_a_part_that_was_changed_is_not_the_listed_one() -> None:
    PART.require_intact(b"<x/>")
    with pytest.raises(Fault) as refused:
        PART.require_intact(b"<y/>")
    assert refused.value.code == "global_conf_part_downloaded_file_integrity_failure"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_code(data: bytes) -> None:
    assert verdict(data, []).startswith("global_conf_")


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 5000), value=st.integers(0, 255))
def test_a_changed_byte_is_never_valid_unless_nobody_signed_it(at: int, value: int) -> None:
    data = bytearray(_DOCUMENT())
    at %= len(data)
    changed = data[at] != value
    data[at] = value
    start, end = bytes(_DOCUMENT()).index(b"--" + b"b" * 20), bytes(_DOCUMENT()).rindex(b"\r\n--" + b"A" * 20 + b"\r\n")
    if changed and start <= at < end:
        assert verdict(bytes(data), [certificate("internal").der]) != "valid"
    else:
        verdict(bytes(data), [certificate("internal").der])


_CACHE: list[bytes] = []


def _DOCUMENT() -> bytes:
    if not _CACHE:
        _CACHE.append(written())
    return _CACHE[0]
