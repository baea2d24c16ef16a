"""The certificate extensions that decide something here. Source: RFC 5280 s.4.2."""

from __future__ import annotations

from dataclasses import dataclass

from asn1crypto import core, x509

from lienthong.trust.errors import MalformedEvidenceError

_USAGE_NAMES = {
    "digital_signature": "digitalSignature",
    "non_repudiation": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
    "encipher_only": "encipherOnly",
    "decipher_only": "decipherOnly",
}
USAGE_BITS = {rfc: own for own, rfc in _USAGE_NAMES.items()}
"""RFC 5280 name to asn1crypto's."""

_PROCESSED = {"2.5.29.14", "2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.32", "2.5.29.35", "2.5.29.37"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """What the extensions of one certificate say."""

    is_ca: bool = False
    """basicConstraints cA."""
    path_length: int | None = None
    """basicConstraints pathLenConstraint."""
    key_usage: frozenset[str] | None = None
    """RFC 5280 names of bits; None where the extension is absent."""
    extended_key_usage: frozenset[str] = frozenset()
    """Dotted OIDs."""
    extended_key_usage_critical: bool = False
    """RFC 3161 s.2.3 asks for it in a TSA certificate."""
    subject_key_identifier: bytes | None = None
    """Matches the issuer's key."""
    authority_key_identifier: bytes | None = None
    """keyIdentifier only."""
    dns_names: tuple[str, ...] = ()
    """subjectAltName dNSName values."""
    ocsp_urls: tuple[str, ...] = ()
    """authorityInfoAccess id-ad-ocsp."""
    crl_urls: tuple[str, ...] = ()
    """cRLDistributionPoints fullName URIs."""
    unprocessed_critical: frozenset[str] = frozenset()
    """Dotted OIDs of critical extensions that nobody here processes: they make a path invalid."""
    present: frozenset[str] = frozenset()
    """Dotted OIDs of all extensions."""


def read_extensions(extensions: x509.Extensions) -> Extensions:
    """Read the extensions of one certificate; raises MalformedEvidenceError or asn1crypto's errors."""
    raw: dict[str, tuple[bool, bytes]] = {}
    for extension in () if isinstance(extensions, core.Void) else extensions:
        oid = extension["extn_id"].dotted
        if oid in raw:
            raise MalformedEvidenceError(f"certificate has extension {oid} twice")
        raw[oid] = (extension["critical"].native, extension["extn_value"].contents)
    constraints = _parsed(raw, "2.5.29.19", x509.BasicConstraints)
    usage = _parsed(raw, "2.5.29.15", x509.KeyUsage)
    purposes = _parsed(raw, "2.5.29.37", x509.ExtKeyUsageSyntax)
    own_key = _parsed(raw, "2.5.29.14", core.OctetString)
    issuer_key = _parsed(raw, "2.5.29.35", x509.AuthorityKeyIdentifier)
    return Extensions(
        is_ca=constraints["ca"].native if constraints is not None else False,
        path_length=constraints["path_len_constraint"].native if constraints is not None else None,
        key_usage=None if usage is None else frozenset(_USAGE_NAMES[bit] for bit in usage.native),
        extended_key_usage=frozenset(purpose.dotted for purpose in purposes or ()),
        extended_key_usage_critical=raw.get("2.5.29.37", (False, b""))[0],
        subject_key_identifier=None if own_key is None else own_key.native,
        authority_key_identifier=None if issuer_key is None else issuer_key["key_identifier"].native,
        dns_names=_dns_names(raw),
        ocsp_urls=_ocsp_urls(raw),
        crl_urls=_crl_urls(raw),
        unprocessed_critical=frozenset(oid for oid, (critical, _) in raw.items() if critical) - _PROCESSED,
        present=frozenset(raw),
    )


def _parsed(raw: dict[str, tuple[bool, bytes]], oid: str, spec: type[core.Asn1Value]) -> core.Asn1Value | None:
    return spec.load(raw[oid][1], strict=True) if oid in raw else None


def _dns_names(raw: dict[str, tuple[bool, bytes]]) -> tuple[str, ...]:
    names = _parsed(raw, "2.5.29.17", x509.GeneralNames)
    return tuple(name.native for name in names or () if name.name == "dns_name")


def _ocsp_urls(raw: dict[str, tuple[bool, bytes]]) -> tuple[str, ...]:
    access = _parsed(raw, "1.3.6.1.5.5.7.1.1", x509.AuthorityInfoAccessSyntax)
    ocsp = [item["access_location"] for item in access or () if item["access_method"].dotted == "1.3.6.1.5.5.7.48.1"]
    return tuple(location.native for location in ocsp if location.name == "uniform_resource_identifier")


def _crl_urls(raw: dict[str, tuple[bool, bytes]]) -> tuple[str, ...]:
    points = _parsed(raw, "2.5.29.31", x509.CRLDistributionPoints)
    names = [
        point["distribution_point"].chosen for point in points or () if point["distribution_point"].name == "full_name"
    ]
    return tuple(name.native for full in names for name in full if name.name == "uniform_resource_identifier")
