"""What an authority is told once: names, lifetimes, where it can be reached, and its surroundings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.trust.algorithms import KeyType

COMMON_NAME = "2.5.4.3"
COUNTRY = "2.5.4.6"
ORGANIZATION = "2.5.4.10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the authority would otherwise take from the machine."""

    clock: Callable[[], datetime]
    """Aware UTC instant, now."""
    random_bytes: Callable[[int], bytes]
    """So many unpredictable bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthoritySettings:
    """One authority: a root, one issuing CA below it, and their services."""

    country: str = "VN"
    """Two letters."""
    organization: str
    """O of every name."""
    common_name: str
    """CN of the issuing CA; the root, responders and TSA are named after it."""
    public_url: str | None = None
    """Base address, without a trailing slash; goes into certificates as OCSP and CRL addresses, unless None."""
    key_type: KeyType = KeyType.EC
    """Of the authority's own keys."""
    rsa_bits: int = 3072
    """Only with RSA."""
    policy_oid: str = "1.3.6.1.4.1.99999.1.1"
    """Of timestamps; the default is a private arc for demonstrations."""
    sign_subject: tuple[str, ...] = (COUNTRY, ORGANIZATION, COMMON_NAME)
    """Attributes that a SIGN request must carry: the mapping that the CA's certificate profile reads.

    Source: message-path dossier s.4.8."""
    ocsp_refresh: timedelta = timedelta(minutes=10)
    """How old a pre-signed answer may get before it is signed anew."""
    ocsp_validity: timedelta = timedelta(hours=1)
    """From thisUpdate to nextUpdate."""
    ocsp_by_name: bool = False
    """ResponderID by name instead of by key hash."""
    crl_refresh: timedelta = timedelta(hours=6)
    """How old a CRL may get before it is issued anew."""
    crl_validity: timedelta = timedelta(days=1)
    """From thisUpdate to nextUpdate."""
    backdating: timedelta = field(default=timedelta(minutes=5))
    """How far notBefore lies in the past, for clocks that are slow."""
