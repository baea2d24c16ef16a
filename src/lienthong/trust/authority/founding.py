"""Founding an authority: keys and certificates of a root, an issuing CA, their responders and a TSA.

Everything lies in one folder: ``tokens/`` (encrypted keys with certificates beside) and ``authority.sqlite``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from lienthong.trust.authority.records import IssuedRecord, Records
from lienthong.trust.authority.responder import CertificationAuthority
from lienthong.trust.authority.settings import COMMON_NAME, COUNTRY, ORGANIZATION, AuthoritySettings, Surroundings
from lienthong.trust.certificates import Certificate, Issuance, Profile, build_name, issue_certificate
from lienthong.trust.certificates.profiles import CA, OCSP, ROOT, TSA
from lienthong.trust.errors import AuthorityError
from lienthong.trust.keys import SoftwareKey
from lienthong.trust.tokens import FileTokenStore

ROOT_CA = "root"
ISSUING_CA = "issuing"
_TITLES = {
    "root": "Root",
    "issuing": "",
    "root-ocsp": "Root OCSP Responder",
    "issuing-ocsp": "OCSP Responder",
    "tsa": "Time-Stamping Authority",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One of the authority's own certificates: whose it is and who issues it."""

    name: str
    """Of key and certificate in the token."""
    profile: Profile
    """What it may do."""
    issued_by: str
    """Name of the CA."""


SEATS = (
    Seat(name="root", profile=ROOT, issued_by=ROOT_CA),
    Seat(name="issuing", profile=CA, issued_by=ROOT_CA),
    Seat(name="root-ocsp", profile=OCSP, issued_by=ROOT_CA),
    Seat(name="issuing-ocsp", profile=OCSP, issued_by=ISSUING_CA),
    Seat(name="tsa", profile=TSA, issued_by=ISSUING_CA),
)


def found(store: FileTokenStore, records: Records, settings: AuthoritySettings, surroundings: Surroundings) -> None:
    """Make every key and certificate of a new authority; raises AuthorityError where there is one already."""
    if store.names():
        raise AuthorityError("there is an authority in this folder already")
    keys = {seat.name: _generate(store, seat.name, settings) for seat in SEATS}
    made: dict[str, Certificate] = {}
    for seat in SEATS:
        certificate = _certify(seat, keys, made, settings, surroundings)
        made[seat.name] = certificate
        store.put_certificate(seat.name, certificate)
        if seat.name != ROOT_CA:
            records.add(IssuedRecord(ca=seat.issued_by, profile=seat.profile.name, certificate=certificate))


def load(store: FileTokenStore, name: str) -> tuple[SoftwareKey, Certificate]:
    """Open one of the authority's own keys with its youngest certificate; raises AuthorityError, KeyAccessError."""
    certificates = store.certificates(name)
    if not certificates:
        raise AuthorityError(f"authority has no certificate {name}")
    return store.key(name), certificates[-1]


def load_ca(store: FileTokenStore, name: str) -> CertificationAuthority:
    """Open a CA with its responder."""
    key, certificate = load(store, name)
    responder_key, responder = load(store, f"{name}-ocsp")
    return CertificationAuthority(
        name=name, certificate=certificate, key=key, responder=responder, responder_key=responder_key
    )


def new_serial(surroundings: Surroundings) -> int:
    """A positive number of 16 octets that nobody can guess. Source: RFC 5280 s.4.1.2.2."""
    return int.from_bytes(surroundings.random_bytes(16), "big") >> 1 | 1 << 126


def address(settings: AuthoritySettings, path: str) -> str | None:
    """The public address of a service, or None where the authority has none."""
    return None if settings.public_url is None else f"{settings.public_url}{path}"


def _generate(store: FileTokenStore, name: str, settings: AuthoritySettings) -> SoftwareKey:
    return store.generate(name, settings.key_type, bits=settings.rsa_bits)


def _certify(
    seat: Seat,
    keys: dict[str, SoftwareKey],
    made: dict[str, Certificate],
    settings: AuthoritySettings,
    surroundings: Surroundings,
) -> Certificate:
    title = f"{settings.common_name} {_TITLES[seat.name]}".strip()
    subject = [(COUNTRY, settings.country), (ORGANIZATION, settings.organization), (COMMON_NAME, title)]
    issuer = made.get(seat.issued_by)
    start = surroundings.clock() - settings.backdating
    end = start + seat.profile.validity - timedelta(seconds=1)
    issuance = Issuance(
        subject_der=build_name(subject),
        public_key_der=keys[seat.name].public_key_der,
        serial=new_serial(surroundings),
        not_before=start,
        not_after=end if issuer is None else min(end, issuer.not_after),
        ocsp_url=None if issuer is None else address(settings, "/ocsp"),
        crl_url=None if issuer is None else address(settings, f"/crl/{seat.issued_by}.crl"),
    )
    return issue_certificate(seat.profile, issuance, issuer=issuer, key=keys[seat.issued_by])
