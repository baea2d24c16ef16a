"""A small authority in memory of the test: frozen clock, counted randomness, real keys."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from lienthong.trust.algorithms import KeyType
from lienthong.trust.authority import Authority, AuthoritySettings, Surroundings, create_authority, open_authority
from lienthong.trust.certificates import Certificate, Issuance, Profile, build_name, issue_certificate
from lienthong.trust.certificates.profiles import CA, ROOT
from lienthong.trust.keys import SoftwareKey

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
C, ORG, OU, CN, SERIAL_NUMBER = "2.5.4.6", "2.5.4.10", "2.5.4.11", "2.5.4.3", "2.5.4.5"
MEMBER = [(C, "VN"), (ORG, "GOV"), (CN, "000.00.00.H10")]
PASSWORD = b"mat-khau-thu"


@dataclass
class FrozenSurroundings:
    """A clock that moves when told, and bytes that never repeat."""

    now: datetime = NOW
    drawn: int = 0

    def clock(self) -> datetime:
        return self.now

    def random_bytes(self, size: int) -> bytes:
        self.drawn += 1
        return hashlib.shake_128(b"%d" % self.drawn).digest(size)

    def given(self) -> Surroundings:
        return Surroundings(clock=self.clock, random_bytes=self.random_bytes)


@cache
def key(name: str = "key", key_type: KeyType = KeyType.EC) -> SoftwareKey:
    """The key of that name: the same one within a run, because RSA keys take time to make."""
    return SoftwareKey.generate(key_type)


def settings(**changed: object) -> AuthoritySettings:
    given: dict[str, object] = {
        "organization": "Cơ quan chứng thực thử nghiệm",
        "common_name": "Test CA",
        "public_url": "http://127.0.9.1:8888",
        **changed,
    }
    return AuthoritySettings(**given)  # type: ignore[arg-type]  # tests name real fields


@dataclass
class TestAuthority:
    """An authority in a folder, with the surroundings that its clock comes from."""

    __test__ = False
    folder: Path
    settings: AuthoritySettings = field(default_factory=settings)
    surroundings: FrozenSurroundings = field(default_factory=FrozenSurroundings)

    def create(self) -> Authority:
        return create_authority(self.folder, self.settings, password=PASSWORD, surroundings=self.surroundings.given())

    def open(self) -> Authority:
        return open_authority(self.folder, self.settings, password=PASSWORD, surroundings=self.surroundings.given())


def certificate(
    profile: Profile,
    subject: list[tuple[str, str]],
    subject_key: SoftwareKey,
    *,
    issuer: Certificate | None = None,
    issuer_key: SoftwareKey | None = None,
    serial: int = 4711,
    start: datetime = NOW - timedelta(days=1),
    end: datetime = NOW + timedelta(days=365),
) -> Certificate:
    """Issue without an authority: self-signed unless an issuer is given."""
    issuance = Issuance(
        subject_der=build_name(subject),
        public_key_der=subject_key.public_key_der,
        serial=serial,
        not_before=start,
        not_after=end,
    )
    return issue_certificate(profile, issuance, issuer=issuer, key=issuer_key or subject_key)


@cache
def root(name: str = "Root") -> Certificate:
    return certificate(ROOT, [(C, "VN"), (CN, name)], key(name))


@cache
def issuing(parent: str = "Root", name: str = "Issuing") -> Certificate:
    return certificate(CA, [(C, "VN"), (CN, name)], key(name), issuer=root(parent), issuer_key=key(parent))
