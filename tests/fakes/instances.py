"""An instance in memory: one member, two subsystems, one server; keys that are the same within a run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from lienthong.exchange.central.registry import EXTERNAL, INTERNAL, KeyEntry, RegisteredServer, Registry
from lienthong.exchange.globalconf.directory_writing import DirectorySigner
from lienthong.exchange.globalconf.model import (
    AcmeServer,
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    GlobalGroup,
    MaintenanceMode,
    ManagementService,
    Member,
    MemberClass,
    OcspResponder,
    Subsystem,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.trust.algorithms import KeyType
from lienthong.trust.certificates import Certificate, Issuance, build_name, issue_certificate
from lienthong.trust.certificates.profiles import ROOT
from lienthong.trust.keys import SoftwareKey

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
MEMBER = ClientId("VN", "GOV", "G01")
POPULATION = ClientId("VN", "GOV", "G01", "population")
MANAGEMENT = ClientId("VN", "GOV", "G01", "management")
SERVER = SecurityServerId(MEMBER, "ss1")


def signing_key(name: str, key_type: KeyType = KeyType.EC) -> SoftwareKey:
    """The key of that name, the same one within a run."""
    return _key(name, key_type)


def certificate(name: str, key_type: KeyType = KeyType.EC) -> Certificate:
    """Self-signed certificate of the key of that name."""
    return _certificate(name, key_type)


@cache
def _key(_: str, key_type: KeyType) -> SoftwareKey:
    return SoftwareKey.generate(key_type)


@cache
def _certificate(name: str, key_type: KeyType) -> Certificate:
    key = _key(name, key_type)
    issuance = Issuance(
        subject_der=build_name([("2.5.4.3", name)]),
        public_key_der=key.public_key_der,
        serial=1,
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=365),
    )
    return issue_certificate(ROOT, issuance, issuer=None, key=key)


def signer(name: str = "internal", key_type: KeyType = KeyType.EC) -> DirectorySigner:
    """What signs directories under that name."""
    return DirectorySigner(key=signing_key(name, key_type), certificate=certificate(name, key_type))


def key_entries() -> tuple[KeyEntry, ...]:
    """One active key of each kind, and one announced internal key."""
    rows = (("internal", INTERNAL, True), ("internal-next", INTERNAL, False), ("external", EXTERNAL, True))
    return tuple(
        KeyEntry(name=name, kind=kind, certificate_der=certificate(name).der, is_active=is_active, created_at=NOW)
        for name, kind, is_active in rows
    )


def registry(**changed: object) -> Registry:
    """A registry in which every optional thing is said."""
    given: dict[str, object] = {
        "instance": "VN",
        "addresses": ("cs.example.vn", "127.0.9.7:8090"),
        "management": ManagementService(auth_cert_reg_url="https://cs.example.vn:4001/", provider=MANAGEMENT),
        "monitoring_client": MEMBER,
        "verify_next_update": False,
        "ocsp_fetch_interval": timedelta(seconds=600),
        "member_classes": (MemberClass(code="GOV", description="Cơ quan nhà nước"),),
        "members": (
            Member(
                id=MEMBER,
                class_description="Cơ quan nhà nước",
                name="Bộ Công an",
                subsystems=(Subsystem(code="management"), Subsystem(code="population", name="Dân cư")),
            ),
        ),
        "servers": (
            RegisteredServer(
                id=SERVER,
                address="127.0.1.2",
                auth_certificates=(certificate("auth").der,),
                clients=(POPULATION,),
                disabled_clients=(MANAGEMENT,),
                maintenance=MaintenanceMode(message="Bảo trì đến 18 giờ"),
            ),
        ),
        "groups": (GlobalGroup(code="everyone", description="Tất cả", members=(POPULATION,)),),
        "approved_cas": (
            ApprovedCa(
                name="CA",
                top=CaEntry(
                    certificate_der=certificate("ca").der,
                    responders=(
                        OcspResponder(
                            url="http://127.0.9.1/ocsp", certificate_der=certificate("ocsp").der, cost_type="FREE"
                        ),
                    ),
                ),
                intermediates=(CaEntry(certificate_der=certificate("sub-ca").der),),
                certificate_profile_info="x.EjbcaCertificateProfileInfoProvider",
                default_csr_format="PEM",
                acme=AcmeServer(directory_url="http://127.0.9.1/acme", authentication_profile_id="1"),
            ),
        ),
        "approved_tsas": (
            ApprovedTsa(
                name="TSA", url="http://127.0.9.1/tsa", certificate_der=certificate("tsa").der, cost_type="PAID"
            ),
        ),
    }
    return Registry(**{**given, **changed})  # type: ignore[arg-type]  # tests name real fields
