"""What a central server knows of its instance, and what of it becomes the global configuration.

Source: governance dossier s.1.4, s.2.2, s.2.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf.model import (
    OWNERS_GROUP,
    AnchorSource,
    ApprovedCa,
    ApprovedTsa,
    ConfigurationAnchor,
    ConfigurationSource,
    GlobalGroup,
    MaintenanceMode,
    ManagementService,
    Member,
    MemberClass,
    PrivateParameters,
    SecurityServer,
    SharedParameters,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.trust.algorithms import DigestAlgorithm

INTERNAL = "internal"
EXTERNAL = "external"
KINDS = (INTERNAL, EXTERNAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredServer:
    """A security server as the central server keeps it."""

    id: SecurityServerId
    """Owner and code."""
    address: str | None = None
    """Host name or address."""
    auth_certificates: tuple[bytes, ...] = ()
    """DER, whole."""
    clients: tuple[ClientId, ...] = ()
    """Registered; the owner needs no registration."""
    disabled_clients: tuple[ClientId, ...] = ()
    """Registered but left out of the configuration for now."""
    maintenance: MaintenanceMode | None = None
    """None in ordinary service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Everything an administrator declares about an instance."""

    instance: str
    """Instance identifier."""
    addresses: tuple[str, ...]
    """Of this central server: ``host``, or ``host:port`` where the port is not 80."""
    management: ManagementService | None = None
    """None until declared; nothing is published before."""
    ocsp_freshness: timedelta = timedelta(seconds=3600)
    """Greatest age of OCSP answers."""
    timestamping_interval: timedelta = timedelta(seconds=60)
    """60–86400 s."""
    expire_interval: timedelta = timedelta(seconds=600)
    """How long a published configuration may be used."""
    publication_interval: timedelta = timedelta(seconds=60)
    """How often it is published; at most half of the above."""
    monitoring_client: ClientId | None = None
    """Part MONITORING, left out where None."""
    verify_next_update: bool | None = None
    """Part NEXTUPDATE, left out where None."""
    ocsp_fetch_interval: timedelta | None = None
    """Part FETCHINTERVAL, left out where None."""
    member_classes: tuple[MemberClass, ...] = ()
    """Every class."""
    members: tuple[Member, ...] = ()
    """With their subsystems."""
    servers: tuple[RegisteredServer, ...] = ()
    """Every security server."""
    groups: tuple[GlobalGroup, ...] = ()
    """Without the owners' group, which follows from the servers."""
    approved_cas: tuple[ApprovedCa, ...] = ()
    """Certification services."""
    approved_tsas: tuple[ApprovedTsa, ...] = ()
    """Time-stamping services."""
    trusted_anchors: tuple[ConfigurationAnchor, ...] = ()
    """External anchors of federated instances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A configuration signing key: the certificate here, the key itself in the token."""

    name: str
    """In the token."""
    kind: str
    """``internal`` or ``external``."""
    certificate_der: bytes = field(repr=False)
    """Self-signed."""
    is_active: bool
    """Whether it signs now; the others are only announced."""
    created_at: datetime
    """Aware UTC."""


def certificates_of(keys: Sequence[KeyEntry], kind: str) -> tuple[bytes, ...]:
    """Certificates of all keys of a kind, the active one first: announced before they sign. Source: s.1.5."""
    return tuple(key.certificate_der for key in sorted(keys, key=lambda k: not k.is_active) if key.kind == kind)


def active_key(keys: Sequence[KeyEntry], kind: str) -> KeyEntry:
    """The key that signs; raises ConfigurationError where there is none."""
    for key in keys:
        if key.kind == kind and key.is_active:
            return key
    raise ConfigurationError(f"there is no active {kind} signing key; add one with: central key add {kind}")


def shared_parameters(registry: Registry, keys: Sequence[KeyEntry]) -> SharedParameters:
    """What everybody is told: disabled clients left out, the owners' group made. Source: s.1.4 emission facts."""
    sources = tuple(
        ConfigurationSource(
            address=address,
            internal_certificates=certificates_of(keys, INTERNAL),
            external_certificates=certificates_of(keys, EXTERNAL),
        )
        for address in registry.addresses
    )
    owners = GlobalGroup(
        code=OWNERS_GROUP,
        description="Security server owners",
        members=tuple(dict.fromkeys(server.id.owner for server in registry.servers)),
    )
    return SharedParameters(
        instance=registry.instance,
        sources=sources,
        approved_cas=registry.approved_cas,
        approved_tsas=registry.approved_tsas,
        members=registry.members,
        servers=tuple(_published(server) for server in registry.servers),
        groups=(owners, *registry.groups),
        member_classes=registry.member_classes,
        ocsp_freshness=registry.ocsp_freshness,
    )


def private_parameters(registry: Registry) -> PrivateParameters:
    """What own servers are told besides; raises ConfigurationError without a management service."""
    if registry.management is None:
        raise ConfigurationError("no management service provider is declared; declare [management] and apply it")
    return PrivateParameters(
        instance=registry.instance,
        anchors=registry.trusted_anchors,
        management_service=registry.management,
        timestamping_interval=registry.timestamping_interval,
    )


def make_anchor(registry: Registry, keys: Sequence[KeyEntry], kind: str, at: datetime) -> ConfigurationAnchor:
    """The anchor to give out: every address by http, then those on standard ports by https. Source: s.1.2."""
    certificates = certificates_of(keys, kind)
    if not certificates:
        raise ConfigurationError(f"there is no {kind} signing key")
    plain = [f"http://{address}/{kind}conf" for address in registry.addresses]
    secured = [f"https://{address}/{kind}conf" for address in registry.addresses if not _has_port(address)]
    return ConfigurationAnchor(
        instance=registry.instance,
        generated_at=at,
        sources=tuple(AnchorSource(download_url=url, certificates=certificates) for url in (*plain, *secured)),
    )


def _has_port(address: str) -> bool:
    return address.rpartition("]")[2].count(":") == 1


def _published(server: RegisteredServer) -> SecurityServer:
    algorithms = (DigestAlgorithm.SHA1, DigestAlgorithm.SHA256)
    return SecurityServer(
        id=server.id,
        address=server.address,
        auth_cert_hashes=tuple(a.digest(der) for der in server.auth_certificates for a in algorithms),
        clients=server.clients,
        maintenance=server.maintenance,
    )
