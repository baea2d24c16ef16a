"""A member who signs, the authorities behind, and a source of trust that knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from tests.fakes import pki

from lienthong.exchange.identifiers import ClientId
from lienthong.trust.algorithms import Digest, DigestAlgorithm, KeyType
from lienthong.trust.certificates import Certificate, Profile
from lienthong.trust.certificates.names import CanonicalName
from lienthong.trust.certificates.profiles import OCSP, SIGN, TSA
from lienthong.trust.keys import SoftwareKey
from lienthong.trust.ocsp import CertStatus, Status, issue_response
from lienthong.trust.timestamps import TokenDetails, build_query, issue_token, parse_query
from lienthong.trust.xades import SignedObject, build_signature

SIGNER = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
SHA512 = DigestAlgorithm.SHA512
MESSAGE = (
    b"GET\r\n/r1/VN/GOV/000.00.00.G01/population/citizens/1\r\n"
    b"X-Road-Client:VN/GOV/000.00.00.H10/onestop\r\nx-road-id:m-1\r\n"
)
BODY = '{"tên":"Nguyễn Thị Thử"}'.encode()


@dataclass(frozen=True, kw_only=True)
class KnownCa:
    """An approved authority."""

    certificate: Certificate
    responder_certificates: tuple[Certificate, ...] = ()
    certificate_profile_info: str = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"


@dataclass(frozen=True, kw_only=True)
class KnownAuthorities:
    """A trust source with one authority and one time-stamping authority."""

    authorities: tuple[KnownCa, ...]
    stampers: tuple[Certificate, ...] = ()
    freshness: timedelta = timedelta(hours=1)

    def find_ca(self, instance: str, issuer_name: CanonicalName) -> KnownCa | None:
        found = (ca for ca in self.authorities if ca.certificate.canonical_subject == issuer_name)
        return next(found, None) if instance == "VN" else None

    def ca_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        return tuple(ca.certificate for ca in self.authorities)

    def tsa_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
        return self.stampers

    def ocsp_freshness(self) -> timedelta:
        return self.freshness

    def verify_next_update(self) -> bool:
        return True


def key_of(name: str, key_type: KeyType) -> SoftwareKey:
    return pki.key(name) if key_type is KeyType.EC else pki.key(name, key_type)


@cache
def issued(profile: Profile, name: str, key_type: KeyType = KeyType.EC) -> Certificate:
    subject = pki.MEMBER if profile is SIGN else [(pki.C, "VN"), (pki.CN, name)]
    own = key_of(name, key_type)
    return pki.certificate(profile, subject, own, issuer=pki.root(), issuer_key=pki.key("Root"))


@cache
def trust() -> KnownAuthorities:
    return KnownAuthorities(
        authorities=(KnownCa(certificate=pki.root(), responder_certificates=(issued(OCSP, "Responder"),)),),
        stampers=(issued(TSA, "Stamper"),),
    )


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Signs messages of SIGNER, with fresh OCSP answers unless told otherwise."""

    name: str = "Signer"
    key_type: KeyType = KeyType.EC
    profile: Profile = SIGN
    status: Status = Status.GOOD
    this_update: datetime = pki.NOW - timedelta(minutes=5)
    extra: tuple[Certificate, ...] = ()
    answers: int = field(default=1)

    @property
    def key(self) -> SoftwareKey:
        return key_of(self.name, self.key_type)

    @property
    def certificate(self) -> Certificate:
        return issued(self.profile, self.name, self.key_type)

    @property
    def ocsp_values(self) -> tuple[bytes, ...]:
        answer = issue_response(
            self.certificate.serial,
            CertStatus(status=self.status, revoked_at=pki.NOW if self.status is Status.REVOKED else None),
            issuer=pki.root(),
            responder=issued(OCSP, "Responder"),
            key=pki.key("Responder"),
            this_update=self.this_update,
            next_update=None,
        )
        return (answer,) * self.answers

    def sign(self, *objects: SignedObject) -> bytes:
        return build_signature(
            self.key,
            self.certificate,
            objects or (signed("/message.xml", MESSAGE),),
            pki.NOW,
            ocsp_values=self.ocsp_values,
            extra_certificates=self.extra,
        )


def signed(name: str, data: bytes | Digest, mime_type: str = "text/xml") -> SignedObject:
    return SignedObject(name, data if isinstance(data, Digest) else SHA512.digest(data), mime_type)


def stamp(
    data: bytes,
    *,
    at: datetime = pki.NOW + timedelta(minutes=2),
    name: str = "Stamper",
    digest: DigestAlgorithm = SHA512,
) -> bytes:
    details = TokenDetails(serial=1, gen_time=at, policy_oid="1.3.6.1.4.1.99999.1")
    query = parse_query(build_query(digest.digest(data)))
    return issue_token(query, details, certificate=issued(TSA, name), key=pki.key(name))
