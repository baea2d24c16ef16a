import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.pki import CN, MEMBER, NOW, ORG, certificate, issuing, key, root
from tests.shared import shared

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import AUTHENTICATION, SIGN
from lienthong.trust.errors import MalformedEvidenceError


def test_a_recorded_certificate_is_read() -> None:
    read = Certificate.from_der(shared("fixtures/xroad/live/pki/ss1-sign-rsa.cert.der").read_bytes())
    assert read.subject == "CN=000.00.00.H10,O=GOV,C=VN"
    assert read.issuer == "CN=Test Root CA,O=Test Certification Authority,C=VN"
    assert read.serial == 0x1B399EC0D9F5BFC5CCEB511FB72469185C114030
    assert read.key_usage == {"nonRepudiation"}
    assert read.signature_algorithm is SignatureAlgorithm.RSA_SHA256
    assert (read.subject_value(ORG), read.subject_value("2.5.4.5")) == ("GOV", None)
    assert not read.is_ca
    assert not read.is_self_issued


def test_a_certificate_of_2012_is_read() -> None:
    old = Certificate.from_pem_or_der(shared("fixtures/xroad/timestamps/tsp.pem").read_bytes())
    assert old.issuer == "C=SE,O=EJBCA Sample,CN=AdminCA1"
    assert old.signature_algorithm is SignatureAlgorithm.RSA_SHA1
    assert old.extensions.extended_key_usage_critical


def test_pem_and_der_are_one_certificate() -> None:
    made = root()
    assert Certificate.from_pem_or_der(b"Bag attributes\n" + made.pem) == made
    assert Certificate.from_pem_or_der(made.der) is Certificate.from_der(made.der)
    assert made.hash(DigestAlgorithm.SHA1).algorithm is DigestAlgorithm.SHA1


def test_names_and_addresses_of_extensions_are_read() -> None:
    made = certificate(AUTHENTICATION, MEMBER, key("auth"), issuer=issuing(), issuer_key=key("Issuing"))
    assert made.extended_key_usage == {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}
    assert made.extensions.ocsp_urls == made.extensions.crl_urls == made.extensions.dns_names == ()
    assert made.extensions.authority_key_identifier == issuing().extensions.subject_key_identifier


def test_validity_includes_both_ends() -> None:
    made = certificate(SIGN, MEMBER, key("k"), start=NOW, end=NOW)
    assert made.is_valid_at(NOW)


def _altered(change: str, value: object) -> bytes:
    parsed = x509.Certificate.load(root().der)
    parsed["tbs_certificate"][change] = value
    encoded: bytes = parsed.dump(force=True)
    return encoded


def test_a_negative_serial_number_is_malformed() -> None:
    with pytest.raises(MalformedEvidenceError, match="negative"):
        Certificate.from_der(_altered("serial_number", -5))


def test_two_signature_algorithms_are_malformed() -> None:
    with pytest.raises(MalformedEvidenceError, match="two"):
        Certificate.from_der(_altered("signature", {"algorithm": "sha512_ecdsa"}))


def test_an_extension_twice_is_malformed() -> None:
    extension = x509.Certificate.load(root().der)["tbs_certificate"]["extensions"][0]
    with pytest.raises(MalformedEvidenceError, match="twice"):
        Certificate.from_der(_altered("extensions", [extension, extension]))


def test_an_unknown_signature_algorithm_is_read_and_never_holds() -> None:
    parsed = x509.Certificate.load(root().der)
    for place in (parsed["tbs_certificate"]["signature"], parsed["signature_algorithm"]):
        place["algorithm"] = "1.2.840.113549.1.1.4"
    assert Certificate.from_der(parsed.dump(force=True)).signature_algorithm is None


@pytest.mark.parametrize(
    "data", [b"", b"\x30\x80", root().der + b"\x00", b"\x00" * 70_000, b"-----BEGIN CERTIFICATE-----\n!\n-----END"]
)
def test_what_is_no_certificate_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        Certificate.from_pem_or_der(data)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        Certificate.from_der(data)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255), st.booleans())
def test_a_mutation_is_malformed_or_read(position: int, value: int, cut: bool) -> None:
    der = bytearray(issuing().der)
    der[position % len(der)] = value
    try:
        Certificate.from_der(bytes(der[: position % len(der)] if cut else der))
    except MalformedEvidenceError:
        return
    assert CN
