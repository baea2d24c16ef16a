from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.judges import openssl, pkilint
from tests.fakes.pki import MEMBER, NOW, certificate, issuing, key, root

from lienthong.trust.algorithms import KeyType
from lienthong.trust.certificates import PROFILES, Issuance, build_name, issue_certificate
from lienthong.trust.certificates.issuing import key_identifier, sha1_of, x509_time
from lienthong.trust.certificates.profiles import AUTHENTICATION, SIGN
from lienthong.trust.errors import MalformedEvidenceError


@pytest.mark.parametrize("key_type", list(KeyType))
def test_openssl_accepts_every_profile(key_type: KeyType, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(root().pem)
    (tmp_path / "issuing.pem").write_bytes(issuing().pem)
    for name, profile in PROFILES.items():
        if profile.is_ca:
            continue
        subject_key = key(key_type.value, key_type)
        made = certificate(profile, MEMBER, subject_key, issuer=issuing(), issuer_key=key("Issuing"))
        (tmp_path / name).write_bytes(made.pem)
        words = openssl(
            "verify", "-x509_strict", "-attime", str(int(NOW.timestamp())), "-CAfile", tmp_path / "root.pem",
            "-untrusted", tmp_path / "issuing.pem", tmp_path / name,
        )  # fmt: skip
        assert words.endswith("OK\n")


def test_pkilint_finds_nothing_in_a_signing_certificate(tmp_path: Path) -> None:
    made = certificate(SIGN, MEMBER, key(), issuer=issuing(), issuer_key=key("Issuing"))
    (tmp_path / "sign.der").write_bytes(made.der)
    assert pkilint("lint_pkix_cert", tmp_path / "sign.der") == []


def test_an_ec_key_gets_no_encipherment_bit() -> None:
    usage = {t: certificate(AUTHENTICATION, MEMBER, key(t.value, t)).key_usage for t in KeyType}
    assert usage[KeyType.EC] == {"digitalSignature"}
    assert usage[KeyType.RSA] == {"digitalSignature", "keyEncipherment"}


def test_time_is_written_as_its_century_asks() -> None:
    assert x509_time(datetime(2049, 12, 31, tzinfo=UTC)).name == "utc_time"
    assert x509_time(datetime(2050, 1, 1, tzinfo=UTC)).name == "general_time"
    assert certificate(SIGN, MEMBER, key(), end=NOW + timedelta(days=36500)).not_after.year == 2126


def test_what_cannot_be_encoded_is_refused() -> None:
    issuance = Issuance(
        subject_der=build_name(MEMBER), public_key_der=b"no key", serial=1, not_before=NOW, not_after=NOW
    )
    with pytest.raises(MalformedEvidenceError):
        issue_certificate(SIGN, issuance, issuer=None, key=key())


def test_the_key_identifier_is_the_hash_of_the_key_bits() -> None:
    made = root()
    assert key_identifier(made.public_key_der) == sha1_of(made.public_key_bits)
    assert made.extensions.subject_key_identifier == sha1_of(made.public_key_bits)
