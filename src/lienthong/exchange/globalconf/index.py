"""The dictionaries behind the look-ups of one instance, built once per configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lienthong.exchange.globalconf.model import ApprovedCa, GlobalConf, OcspResponder, SecurityServer
from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.names import CanonicalName
from lienthong.trust.errors import MalformedEvidenceError

Addresses = tuple[tuple[SecurityServerId, str], ...]


def auth_hash_algorithm(version: int) -> DigestAlgorithm:
    """How ``authCertHash`` is made in a wire version: SHA-1 in 2, SHA-256 after. Source: governance s.0."""
    return DigestAlgorithm.SHA1 if version == 2 else DigestAlgorithm.SHA256


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCa:
    """A CA certificate of a configuration, with what belongs to it."""

    certificate: Certificate
    """Top or intermediate."""
    authority: ApprovedCa
    """The approved CA it is part of."""
    responders: tuple[OcspResponder, ...]
    """Who answers for certificates that it issued."""
    responder_certificates: tuple[Certificate, ...]
    """Certificates the responders may sign with."""
    is_top: bool
    """Whether it is a trust anchor."""

    @property
    def certificate_profile_info(self) -> str:
        """Name of the rule that turns a subject into a member."""
        return self.authority.certificate_profile_info


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceIndex:
    """One instance, arranged by question."""

    hash_algorithm: DigestAlgorithm = DigestAlgorithm.SHA256
    """Of authentication certificates."""
    servers: Mapping[SecurityServerId, SecurityServer] = field(default_factory=dict)
    """Registered servers."""
    server_by_hash: Mapping[bytes, SecurityServerId] = field(default_factory=dict)
    """By digest of the authentication certificate."""
    clients: Mapping[SecurityServerId, frozenset[ClientId]] = field(default_factory=dict)
    """Registered clients, the owner included."""
    addresses: Mapping[ClientId, Addresses] = field(default_factory=dict)
    """Servers with an address, by client."""
    names: Mapping[ClientId, str | None] = field(default_factory=dict)
    """Every member and subsystem."""
    subsystems: tuple[ClientId, ...] = ()
    """In the order written."""
    groups: Mapping[str, frozenset[ClientId]] = field(default_factory=dict)
    """By group code."""
    ca_by_subject: Mapping[CanonicalName, KnownCa] = field(default_factory=dict)
    """The first of two equal names wins, as written."""
    ca_certificates: tuple[Certificate, ...] = ()
    """Top ones first."""
    top_certificates: tuple[Certificate, ...] = ()
    """Trust anchors."""
    tsa_certificates: tuple[Certificate, ...] = ()
    """In the order written."""

    @classmethod
    def of(cls, conf: GlobalConf) -> InstanceIndex:
        """Arrange *conf*; a certificate that cannot be parsed is as if it were not there."""
        shared = conf.shared
        known = sorted(
            (ca for authority in shared.approved_cas for ca in _known(authority)), key=lambda ca: not ca.is_top
        )
        return cls(
            hash_algorithm=auth_hash_algorithm(conf.version),
            servers={server.id: server for server in shared.servers},
            server_by_hash={digest.value: s.id for s in reversed(shared.servers) for digest in s.auth_cert_hashes},
            clients={server.id: _clients(server) for server in shared.servers},
            addresses=_addresses(shared.servers),
            names=_names(conf),
            subsystems=tuple(client for client in _names(conf) if client.subsystem_code is not None),
            groups={group.code: frozenset(group.members) for group in shared.groups},
            ca_by_subject={ca.certificate.canonical_subject: ca for ca in reversed(known)},
            ca_certificates=tuple(ca.certificate for ca in known),
            top_certificates=tuple(ca.certificate for ca in known if ca.is_top),
            tsa_certificates=tuple(c for tsa in shared.approved_tsas for c in _parsed(tsa.certificate_der)),
        )


def _parsed(der: bytes | None) -> Iterator[Certificate]:
    if der is not None:
        try:
            yield Certificate.from_der(der)
        except MalformedEvidenceError:
            return


def _known(authority: ApprovedCa) -> Iterator[KnownCa]:
    entries = [(authority.top, True), *((entry, False) for entry in authority.intermediates)]
    for entry, is_top in entries:
        for certificate in _parsed(entry.certificate_der):
            yield KnownCa(
                certificate=certificate,
                authority=authority,
                responders=entry.responders,
                responder_certificates=tuple(c for r in entry.responders for c in _parsed(r.certificate_der)),
                is_top=is_top,
            )


def _clients(server: SecurityServer) -> frozenset[ClientId]:
    return frozenset((server.id.owner, *server.clients))


def _addresses(servers: tuple[SecurityServer, ...]) -> dict[ClientId, Addresses]:
    found: dict[ClientId, Addresses] = {}
    for server in servers:
        if server.address:
            for client in _clients(server):
                found[client] = (*found.get(client, ()), (server.id, server.address))
    return found


def _names(conf: GlobalConf) -> dict[ClientId, str | None]:
    names: dict[ClientId, str | None] = {}
    for member in conf.shared.members:
        names[member.id] = member.name
        for subsystem in member.subsystems:
            names[member.subsystem_id(subsystem)] = subsystem.name
    return names
