from pathlib import Path

import pytest
from asn1crypto import csr
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.judges import openssl
from tests.fakes.pki import MEMBER, key

from lienthong.trust.algorithms import KeyType
from lienthong.trust.certificates import build_request, parse_request
from lienthong.trust.errors import MalformedEvidenceError


@pytest.mark.parametrize("key_type", list(KeyType))
def test_openssl_finds_the_request_in_order(key_type: KeyType, tmp_path: Path) -> None:
    path = tmp_path / "request.der"
    path.write_bytes(build_request(key(key_type.value, key_type), MEMBER, dns_names=["ss1.vn.test"]))
    words = openssl("req", "-inform", "DER", "-in", path, "-verify", "-noout", "-text")
    assert "verify OK" in words
    assert "DNS:ss1.vn.test" in words


def test_what_is_asked_is_read() -> None:
    asked = parse_request(build_request(key(), MEMBER, dns_names=["a.vn", "b.vn"]))
    assert asked.subject == "CN=000.00.00.H10,O=GOV,C=VN"
    assert asked.subject_attributes == tuple(MEMBER)
    assert asked.public_key_der == key().public_key_der
    assert asked.dns_names == ("a.vn", "b.vn")
    assert asked.proves_possession


def test_pem_is_read(tmp_path: Path) -> None:
    path = tmp_path / "request.der"
    path.write_bytes(build_request(key(), MEMBER))
    pem = openssl("req", "-inform", "DER", "-in", path, "-outform", "PEM").encode()
    assert parse_request(pem).proves_possession


def test_a_request_signed_by_another_key_proves_nothing() -> None:
    request = bytearray(build_request(key(), MEMBER))
    request[-1] ^= 1
    assert not parse_request(bytes(request)).proves_possession


def test_a_request_of_an_unknown_algorithm_proves_nothing() -> None:
    parsed = csr.CertificationRequest.load(build_request(key(), MEMBER))
    parsed["signature_algorithm"] = {"algorithm": "md5_rsa"}
    assert not parse_request(parsed.dump(force=True)).proves_possession


def test_attributes_may_be_absent() -> None:
    parsed = csr.CertificationRequest.load(build_request(key(), MEMBER))
    whole = parsed["certification_request_info"]
    fields = {name: whole[name] for name in ("version", "subject", "subject_pk_info")}
    parsed["certification_request_info"] = csr.CertificationRequestInfo(fields)
    assert parse_request(parsed.dump(force=True)).dns_names == ()


@pytest.mark.parametrize("data", [b"", b"-----BEGIN CERTIFICATE REQUEST-----\n!!\n-----END"])
def test_what_is_no_request_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedEvidenceError):
        parse_request(data)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_mutation_is_malformed_or_read(position: int, value: int) -> None:
    request = bytearray(build_request(key(), MEMBER, dns_names=["a.vn"]))
    request[position % len(request)] = value
    try:
        parse_request(bytes(request))
    except MalformedEvidenceError:
        return
