"""Configuration signing keys: made with the certificate that genuine servers make. Source: governance s.1.5."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lienthong.exchange.central.registry import KeyEntry
from lienthong.trust.algorithms import DigestAlgorithm, KeyType
from lienthong.trust.certificates import Certificate, Issuance, Profile, build_name, issue_certificate
from lienthong.trust.keys import SigningKey
from lienthong.trust.tokens import FileTokenStore

_COMMON_NAME = "2.5.4.3"
_NOT_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_AFTER = datetime(2038, 1, 1, tzinfo=UTC)
_PROFILE = Profile(
    name="CONFIGURATION",
    key_usage=("nonRepudiation", "keyCertSign"),
    is_ca=True,
    validity=timedelta(days=(_NOT_AFTER - _NOT_BEFORE).days),
)


def add_key(token: FileTokenStore, *, kind: str, key_type: KeyType, is_active: bool, at: datetime) -> KeyEntry:
    """Make a key in the token with its self-signed certificate; raises KeyAccessError."""
    name = f"{kind}-{at.astimezone(UTC):%Y%m%d%H%M%S%f}"
    key = token.generate(name, key_type, bits=3072)
    certificate = _self_signed(key, f"{kind}SigningKey")
    token.put_certificate(name, certificate)
    return KeyEntry(name=name, kind=kind, certificate_der=certificate.der, is_active=is_active, created_at=at)


def _self_signed(key: SigningKey, common_name: str) -> Certificate:
    issuance = Issuance(
        subject_der=build_name([(_COMMON_NAME, common_name)]),
        public_key_der=key.public_key_der,
        serial=1,
        not_before=_NOT_BEFORE,
        not_after=_NOT_AFTER,
    )
    return issue_certificate(_PROFILE, issuance, issuer=None, key=key, digest=DigestAlgorithm.SHA512)
