"""What an authority issues: one row per kind of certificate.

X-Road asks for nonRepudiation alone in signing certificates and for the TLS bits and purposes in authentication
certificates; RFC 3161 s.2.3 for one critical purpose in a TSA's; RFC 6960 s.4.2.2.2 for OCSPSigning in a responder's.
Source: governance dossier s.4.3, s.7; RFC 5280 s.4.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lienthong.trust.certificates.usage import CLIENT_AUTH, OCSP_SIGNING, SERVER_AUTH, TIME_STAMPING

_DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of certificate."""

    name: str
    """Upper case, as configuration and the RA interface spell it."""
    key_usage: tuple[str, ...]
    """RFC 5280 names of bits; the extension is always critical. An EC key gets no encipherment bit (RFC 8813)."""
    extended_key_usage: tuple[str, ...] = ()
    """Dotted OIDs."""
    extended_key_usage_critical: bool = False
    """Only where a norm asks for it."""
    is_ca: bool = False
    """basicConstraints cA, critical."""
    path_length: int | None = None
    """pathLenConstraint."""
    ocsp_no_check: bool = False
    """Marks a responder whose own status nobody can ask. Source: RFC 6960 s.4.2.2.2.1."""
    takes_dns_names: bool = False
    """Whether DNS names of a request go into subjectAltName."""
    validity: timedelta
    """How long by default."""


_YEAR = timedelta(days=365)

ROOT = Profile(name="ROOT", key_usage=("keyCertSign", "cRLSign"), is_ca=True, validity=20 * _YEAR)
CA = Profile(name="CA", key_usage=("keyCertSign", "cRLSign"), is_ca=True, path_length=0, validity=10 * _YEAR)
SIGN = Profile(name="SIGN", key_usage=("nonRepudiation",), validity=2 * _YEAR)
AUTHENTICATION = Profile(
    name="AUTHENTICATION",
    key_usage=("digitalSignature", "keyEncipherment"),
    extended_key_usage=(CLIENT_AUTH, SERVER_AUTH),
    takes_dns_names=True,
    validity=2 * _YEAR,
)
TLS_SERVER = Profile(
    name="TLS_SERVER",
    key_usage=("digitalSignature", "keyEncipherment"),
    extended_key_usage=(SERVER_AUTH,),
    takes_dns_names=True,
    validity=_YEAR,
)
TSA = Profile(
    name="TSA",
    key_usage=("digitalSignature",),
    extended_key_usage=(TIME_STAMPING,),
    extended_key_usage_critical=True,
    validity=5 * _YEAR,
)
OCSP = Profile(
    name="OCSP",
    key_usage=("digitalSignature",),
    extended_key_usage=(OCSP_SIGNING,),
    ocsp_no_check=True,
    validity=_YEAR,
)
PERSONAL = Profile(
    name="PERSONAL",
    key_usage=("digitalSignature", "nonRepudiation"),
    extended_key_usage=(_EMAIL_PROTECTION, _DOCUMENT_SIGNING),
    validity=3 * _YEAR,
)
"""Chứng thư chữ ký số cá nhân: an official's or a citizen's own signature."""
SEAL = Profile(
    name="SEAL",
    key_usage=("digitalSignature", "nonRepudiation"),
    extended_key_usage=(_DOCUMENT_SIGNING,),
    validity=3 * _YEAR,
)
"""Chứng thư chữ ký số của cơ quan, tổ chức: an agency's seal."""

PROFILES = {
    profile.name: profile for profile in (ROOT, CA, SIGN, AUTHENTICATION, TLS_SERVER, TSA, OCSP, PERSONAL, SEAL)
}
"""Every kind by its name."""
