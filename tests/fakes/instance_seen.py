"""An instance as a security server sees it: one consumer's server, two of the provider's, keys, OCSP answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from tests.fakes import pki
from tests.fakes.settings_files import COMPLETE, read

from lienthong.exchange.globalconf import GlobalConf, GlobalConfSet
from lienthong.exchange.globalconf.model import (
    ApprovedCa,
    CaEntry,
    ConfigurationSource,
    GlobalGroup,
    ManagementService,
    Member,
    OcspResponder,
    PrivateParameters,
    SecurityServer,
    SharedParameters,
    Subsystem,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.security.assembly import Material, OwnKey, OwnKeys, assemble, sha1_of
from lienthong.exchange.security.explain.facts import OwnFacts, PeerFacts, RunningFacts
from lienthong.exchange.security.explain.verdicts import Question
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.settings import Settings
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.profiles import AUTHENTICATION, OCSP, SIGN
from lienthong.trust.ocsp import CertStatus, Status, issue_response

NOW = pki.NOW
MEMBER = ClientId("VN", "GOV", "000.00.00.G01")
POPULATION = ClientId("VN", "GOV", "000.00.00.G01", "population")
ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
OWN = SecurityServerId(MEMBER, "ss1")
OTHER = SecurityServerId(MEMBER, "ss2")
CONSUMER = """
[[client]]
id = "VN/GOV/000.00.00.H10/onestop"
connection_type = "HTTP"

[[keys.signing]]
member = "VN/GOV/000.00.00.H10"
key = "province"
"""
CITIZENS = ServiceId(POPULATION, "citizens")


def certificate(name: str, *, signs: bool = False) -> Certificate:
    """An authentication (or signing) certificate of that name, of the approved authority; the same one within a run."""
    return _certificate(name, signs)


@cache
def _certificate(name: str, signs: bool) -> Certificate:
    subject = [(pki.C, "VN"), (pki.ORG, "GOV"), (pki.CN, name)]
    serial = sum(name.encode()) + signs
    return pki.certificate(
        SIGN if signs else AUTHENTICATION,
        subject,
        pki.key(name),
        issuer=pki.root(),
        issuer_key=pki.key("Root"),
        serial=serial,
    )


@cache
def responder() -> Certificate:
    subject = [(pki.C, "VN"), (pki.CN, "Responder")]
    return pki.certificate(OCSP, subject, pki.key("Responder"), issuer=pki.root(), issuer_key=pki.key("Root"))


def answer(about: Certificate, *, status: Status = Status.GOOD, at: datetime = NOW - timedelta(minutes=5)) -> bytes:
    """An OCSP answer about a certificate."""
    return issue_response(
        about.serial,
        CertStatus(status=status, revoked_at=NOW if status is Status.REVOKED else None),
        issuer=pki.root(),
        responder=responder(),
        key=pki.key("Responder"),
        this_update=at,
        next_update=None,
    )


def server(id_: SecurityServerId, name: str, address: str | None, *clients: ClientId) -> SecurityServer:
    """A registered server with the authentication certificate of that name."""
    digest = certificate(name).hash(DigestAlgorithm.SHA256)
    return SecurityServer(id=id_, address=address, auth_cert_hashes=(digest,), clients=clients)


def member(client: ClientId, *subsystems: str) -> Member:
    names = tuple(Subsystem(code=code) for code in subsystems)
    return Member(id=client.member, class_description="Cơ quan nhà nước", name="Bộ", subsystems=names)


def globalconf(*servers: SecurityServer, expires: datetime | None = NOW + timedelta(minutes=10)) -> GlobalConfSet:
    """The instance VN; the own server and one other that both serve the provider unless told otherwise."""
    root = CaEntry(
        certificate_der=pki.root().der,
        responders=(OcspResponder(url="http://127.0.9.1/ocsp", certificate_der=responder().der),),
    )
    shared = SharedParameters(
        instance="VN",
        sources=(ConfigurationSource(address="127.0.9.7", internal_certificates=(pki.root().der,)),),
        approved_cas=(
            ApprovedCa(name="CA", top=root, certificate_profile_info="x.EjbcaCertificateProfileInfoProvider"),
        ),
        members=(member(POPULATION, "population", "homeless"), member(ONESTOP, "onestop")),
        servers=servers
        or (server(OWN, "ss1", "127.0.1.1", POPULATION, ONESTOP), server(OTHER, "ss2", "127.0.1.2", POPULATION)),
        groups=(GlobalGroup(code="ministries", description=""),),
    )
    private = PrivateParameters(
        instance="VN", management_service=ManagementService(auth_cert_reg_url="https://x", provider=MEMBER)
    )
    return GlobalConfSet.of("VN", [GlobalConf(version=6, shared=shared, private=private, expires=expires)])


def settings() -> Settings:
    """Settings of the own server; the consumer is served here as well."""
    return read(COMPLETE + CONSUMER)


def snapshot(conf: GlobalConfSet, own: Settings, *, responses: bool = True) -> Snapshot:
    """What the server knows, with or without OCSP answers about its keys."""
    authentication, signing = certificate("ss1"), certificate("G01", signs=True)
    held = {sha1_of(each): answer(each) for each in (authentication, signing)} if responses else {}
    keys = OwnKeys(
        authentication=OwnKey(key=pki.key("ss1"), certificate=authentication),
        signing=[
            (MEMBER, OwnKey(key=pki.key("G01"), certificate=signing)),
            (ONESTOP.member, OwnKey(key=pki.key("G01"), certificate=signing)),
        ],
        problems={},
    )
    material = Material(
        settings=own,
        globalconf=conf,
        keys=keys,
        ocsp_responses=held,
        system_certificates={},
        internal_certificate=None,
    )
    return assemble(material, now=NOW)


def own_facts(*, responses: bool = True, conf: GlobalConfSet | None = None, **changed: object) -> OwnFacts:
    """A server that is well, unless told otherwise."""
    known, own = conf or globalconf(), settings()
    facts = OwnFacts(
        now=NOW,
        settings=own,
        running=RunningFacts(workers=2, has_tsa=True, last_timestamp=NOW),
        globalconf=known,
        snapshot=snapshot(known, own, responses=responses),
    )
    return replace(facts, **changed)  # type: ignore[arg-type]  # tests name real fields


def peer_facts(name: str = "ss2", **changed: object) -> PeerFacts:
    """A provider's server that shows the certificate of that name with a good answer, unless told otherwise."""
    shown = certificate(name)
    facts = PeerFacts(
        address="127.0.1.2",
        port=5500,
        ocsp_port=5577,
        asked_at=NOW,
        showed_own_certificate=True,
        chain_der=(shown.der,),
        ocsp_responses=(answer(shown),),
    )
    return replace(facts, **changed)  # type: ignore[arg-type]  # tests name real fields


def question(service: ServiceId = CITIZENS, client: ClientId = ONESTOP, **changed: object) -> Question:
    """A call of the consumer that says who asks and why, unless told otherwise."""
    given: dict[str, object] = {"officer": "can-bo-1", "purpose": "LAW:26/2023/QH15, Điều 10", **changed}
    return Question(client=client, service=service, **given)  # type: ignore[arg-type]  # tests name real fields
