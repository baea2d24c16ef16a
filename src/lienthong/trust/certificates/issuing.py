"""Issuing a certificate by a profile, with any signing key. Source: RFC 5280 s.4.1, s.4.2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha1

from asn1crypto import core, x509
from cryptography.hazmat.primitives.asymmetric import rsa

from lienthong.trust.algorithms import DigestAlgorithm, SignatureAlgorithm
from lienthong.trust.certificates.certificate import Certificate
from lienthong.trust.certificates.extensions import USAGE_BITS
from lienthong.trust.certificates.profiles import Profile
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.keys.notation import ASN1_ERRORS, identifier_of
from lienthong.trust.keys.software import SigningKey
from lienthong.trust.keys.verification import load_public_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuance:
    """Everything that one certificate says besides its profile."""

    subject_der: bytes
    """Name, DER."""
    public_key_der: bytes = field(repr=False)
    """SubjectPublicKeyInfo of the subject."""
    serial: int
    """Positive, at most 20 octets, never used before by this issuer."""
    not_before: datetime
    """Aware UTC, whole seconds count."""
    not_after: datetime
    """Aware UTC."""
    dns_names: Sequence[str] = ()
    """Ignored where the profile takes none."""
    ocsp_url: str | None = None
    """Where the issuer's responder answers."""
    crl_url: str | None = None
    """Where the issuer's CRL lies."""


def issue_certificate(
    profile: Profile,
    issuance: Issuance,
    *,
    issuer: Certificate | None,
    key: SigningKey,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
) -> Certificate:
    """Issue a certificate.

    Args:
        issuer: None makes it self-signed: *key* is then the subject's own.
        key: The issuer's key.
    Raises:
        KeyAccessError: the key cannot sign.
        MalformedEvidenceError: a value cannot be encoded.
    """
    algorithm = SignatureAlgorithm.for_key(key.key_type, digest)
    try:
        tbs = _tbs(profile, issuance, issuer, key, algorithm)
        tbs_der = tbs.dump()
    except ASN1_ERRORS as exc:
        raise MalformedEvidenceError("certificate contents cannot be encoded") from exc
    signed = x509.Certificate(
        {
            "tbs_certificate": tbs,
            "signature_algorithm": identifier_of(algorithm),
            "signature_value": key.sign(tbs_der, algorithm),
        }
    )
    return Certificate.from_der(signed.dump())


def key_identifier(public_key_der: bytes) -> bytes:
    """SHA-1 of the subjectPublicKey bits. Source: RFC 5280 s.4.2.1.2 (1)."""
    bits: bytes = x509.PublicKeyInfo.load(public_key_der).sha1
    return bits


def x509_time(instant: datetime) -> x509.Time:
    """UTCTime through 2049, GeneralizedTime after. Source: RFC 5280 s.4.1.2.5."""
    whole = instant.replace(microsecond=0)
    if whole.year < 2050:
        return x509.Time("utc_time", core.UTCTime(whole))
    return x509.Time("general_time", core.GeneralizedTime(whole))


def _tbs(
    profile: Profile,
    issuance: Issuance,
    issuer: Certificate | None,
    key: SigningKey,
    algorithm: SignatureAlgorithm,
) -> x509.TbsCertificate:
    issuer_der = issuance.subject_der if issuer is None else issuer.subject_der
    return x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": issuance.serial,
            "signature": identifier_of(algorithm),
            "issuer": x509.Name.load(issuer_der),
            "validity": {"not_before": x509_time(issuance.not_before), "not_after": x509_time(issuance.not_after)},
            "subject": x509.Name.load(issuance.subject_der),
            "subject_public_key_info": x509.PublicKeyInfo.load(issuance.public_key_der),
            "extensions": [
                {"extn_id": name, "critical": critical, "extn_value": value}
                for name, critical, value in _extensions(profile, issuance, issuer, key)
            ],
        }
    )


def _extensions(
    profile: Profile, issuance: Issuance, issuer: Certificate | None, key: SigningKey
) -> list[tuple[str, bool, core.Asn1Value]]:
    issuer_key = None if issuer is None else issuer.extensions.subject_key_identifier
    authority = key_identifier(key.public_key_der) if issuer_key is None else issuer_key
    found: list[tuple[str, bool, core.Asn1Value]] = [
        ("key_identifier", False, core.OctetString(key_identifier(issuance.public_key_der))),
        ("authority_key_identifier", False, x509.AuthorityKeyIdentifier({"key_identifier": authority})),
        ("key_usage", True, x509.KeyUsage({USAGE_BITS[bit] for bit in _usage(profile, issuance.public_key_der)})),
    ]
    if profile.is_ca:
        constraints = x509.BasicConstraints({"ca": True, "path_len_constraint": profile.path_length})
        found.append(("basic_constraints", True, constraints))
    if profile.extended_key_usage:
        purposes = x509.ExtKeyUsageSyntax(list(profile.extended_key_usage))
        found.append(("extended_key_usage", profile.extended_key_usage_critical, purposes))
    if profile.ocsp_no_check:
        found.append(("ocsp_no_check", False, core.Null()))
    if profile.takes_dns_names and issuance.dns_names:
        names = [x509.GeneralName("dns_name", x509.DNSName(name)) for name in issuance.dns_names]
        found.append(("subject_alt_name", False, x509.GeneralNames(names)))
    return found + _addresses(profile, issuance)


def _usage(profile: Profile, public_key_der: bytes) -> set[str]:
    """The profile's bits, without those that an EC key cannot do. Source: RFC 8813 s.3."""
    if isinstance(load_public_key(public_key_der), rsa.RSAPublicKey):
        return set(profile.key_usage)
    return set(profile.key_usage) - {"keyEncipherment", "dataEncipherment"}


def _addresses(profile: Profile, issuance: Issuance) -> list[tuple[str, bool, core.Asn1Value]]:
    found: list[tuple[str, bool, core.Asn1Value]] = []
    if issuance.ocsp_url and not profile.ocsp_no_check:
        access = {"access_method": "ocsp", "access_location": _uri(issuance.ocsp_url)}
        found.append(("authority_information_access", False, x509.AuthorityInfoAccessSyntax([access])))
    if issuance.crl_url and not profile.ocsp_no_check:
        names = x509.GeneralNames([_uri(issuance.crl_url)])
        point = {"distribution_point": x509.DistributionPointName("full_name", names)}
        found.append(("crl_distribution_points", False, x509.CRLDistributionPoints([point])))
    return found


def _uri(url: str) -> x509.GeneralName:
    return x509.GeneralName("uniform_resource_identifier", x509.URI(url))


def sha1_of(data: bytes) -> bytes:
    """SHA-1 as an identifier, never as evidence: key hashes and CertIDs are defined with it."""
    return sha1(data, usedforsecurity=False).digest()
