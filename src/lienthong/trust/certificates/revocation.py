"""Certificate revocation lists (danh sách chứng thư số bị thu hồi). Source: RFC 5280 s.5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, x509

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates.certificate import Certificate
from lienthong.trust.certificates.issuing import key_identifier, x509_time
from lienthong.trust.keys.notation import identifier_of
from lienthong.trust.keys.software import SigningKey

REASONS = {
    "unspecified": 0,
    "keyCompromise": 1,
    "cACompromise": 2,
    "affiliationChanged": 3,
    "superseded": 4,
    "cessationOfOperation": 5,
    "privilegeWithdrawn": 9,
}
"""RFC 5280 s.5.3.1 names of the reasons that an authority here gives, and their numbers."""
ASN1_REASONS = {
    "unspecified": "unspecified",
    "keyCompromise": "key_compromise",
    "cACompromise": "ca_compromise",
    "affiliationChanged": "affiliation_changed",
    "superseded": "superseded",
    "cessationOfOperation": "cessation_of_operation",
    "privilegeWithdrawn": "privilege_withdrawn",
}
"""RFC 5280 name to asn1crypto's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokedEntry:
    """One revoked certificate."""

    serial: int
    """Of the certificate."""
    revoked_at: datetime
    """Aware UTC, whole seconds count."""
    reason: str = "unspecified"
    """A key of ``REASONS``."""


def issue_crl(
    entries: Sequence[RevokedEntry],
    *,
    issuer: Certificate,
    key: SigningKey,
    number: int,
    this_update: datetime,
    next_update: datetime,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> bytes:
    """Issue a full CRL, DER; *number* grows with every issue. Raises KeyAccessError."""
    algorithm = SignatureAlgorithm.for_key(key.key_type, digest)
    authority = x509.AuthorityKeyIdentifier({"key_identifier": key_identifier(issuer.public_key_der)})
    contents = {
        "version": "v2",
        "signature": identifier_of(algorithm),
        "issuer": x509.Name.load(issuer.subject_der),
        "this_update": x509_time(this_update),
        "next_update": x509_time(next_update),
        "crl_extensions": [
            {"extn_id": "authority_key_identifier", "critical": False, "extn_value": authority},
            {"extn_id": "crl_number", "critical": False, "extn_value": number},
        ],
    }
    if entries:
        contents["revoked_certificates"] = [_entry(entry) for entry in entries]
    tbs = crl.TbsCertList(contents)
    signed = crl.CertificateList(
        {
            "tbs_cert_list": tbs,
            "signature_algorithm": identifier_of(algorithm),
            "signature": key.sign(tbs.dump(), algorithm),
        }
    )
    encoded: bytes = signed.dump()
    return encoded


def _entry(entry: RevokedEntry) -> crl.RevokedCertificate:
    contents = {"user_certificate": entry.serial, "revocation_date": x509_time(entry.revoked_at)}
    if entry.reason != "unspecified":
        reason = crl.CRLReason(ASN1_REASONS[entry.reason])
        contents["crl_entry_extensions"] = [{"extn_id": "crl_reason", "critical": False, "extn_value": reason}]
    return crl.RevokedCertificate(contents)
