"""What a global configuration says, whatever version carried it.

Certificates are kept as bytes here: genuine configurations hold certificates that nobody can parse, and one of them
must not take the whole instance down. Look-ups hand out parsed ones. Source: governance dossier s.1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.trust.algorithms import Digest

OWNERS_GROUP = "security-server-owners"
"""The global group that holds every owner of a security server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspResponder:
    """Where the status of certificates of one CA is asked."""

    url: str
    """HTTP URL."""
    certificate_der: bytes | None = None
    """Certificate that may sign its answers, or None where the CA's own delegation decides."""
    cost_type: str | None = None
    """``FREE``, ``PAID``, ``UNDEFINED``; version 6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaEntry:
    """One certificate of an approved CA with its responders."""

    certificate_der: bytes
    """DER."""
    responders: tuple[OcspResponder, ...] = ()
    """In the order written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmeServer:
    """Where certificates are ordered by ACME; version 3."""

    directory_url: str
    """ACME directory."""
    ip_addresses: str | None = None
    """Comma-separated, for firewall rules."""
    authentication_profile_id: str | None = None
    """Version 4."""
    signing_profile_id: str | None = None
    """Version 4."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedCa:
    """A certification authority whose certificates the instance accepts."""

    name: str
    """For people."""
    top: CaEntry
    """Trust anchor; need not be self-signed."""
    intermediates: tuple[CaEntry, ...] = ()
    """For building paths and finding responders."""
    certificate_profile_info: str
    """Name of the rule that turns a subject into a member, as written; decided in message.profiles."""
    authentication_only: bool = False
    """True: its certificates never sign messages."""
    default_csr_format: str | None = None
    """``PEM`` or ``DER``; version 6."""
    acme: AcmeServer | None = None
    """Version 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedTsa:
    """A time-stamping authority that the instance accepts."""

    name: str
    """For people."""
    url: str
    """HTTP URL."""
    certificate_der: bytes
    """Certificate that signs its tokens."""
    cost_type: str | None = None
    """``FREE``, ``PAID``, ``UNDEFINED``; version 6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberClass:
    """A class of members."""

    code: str
    """Such as ``GOV``."""
    description: str
    """For people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsystem:
    """A subsystem of a member."""

    code: str
    """Unique within the member."""
    name: str | None = None
    """For people; version 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member with its subsystems."""

    id: ClientId
    """Without a subsystem."""
    class_description: str
    """Repeated on the wire with every member."""
    name: str
    """Official name."""
    subsystems: tuple[Subsystem, ...] = ()
    """In the order written."""

    def subsystem_id(self, subsystem: Subsystem) -> ClientId:
        """Full identifier of one of its subsystems."""
        return ClientId(self.id.instance, self.id.member_class, self.id.member_code, subsystem.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceMode:
    """A server that says it is not available now; version 5."""

    message: str | None = None
    """For those who called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityServer:
    """A registered security server (máy chủ bảo mật)."""

    id: SecurityServerId
    """Owner and code."""
    address: str | None = None
    """Host name or address."""
    auth_cert_hashes: tuple[Digest, ...] = ()
    """Of whole authentication certificates: SHA-1 in version 2, SHA-256 after."""
    clients: tuple[ClientId, ...] = ()
    """Registered and enabled; the owner is left out although it counts as one."""
    maintenance: MaintenanceMode | None = None
    """None in ordinary service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalGroup:
    """A group of clients kept by the central server."""

    code: str
    """Unique within the instance."""
    description: str
    """For people."""
    members: tuple[ClientId, ...] = ()
    """Members or subsystems, also of other instances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSource:
    """A place that serves this instance's configuration; version 3."""

    address: str
    """``host``; ours also ``host:port`` where the port is not 80. See docs/divergences."""
    internal_certificates: tuple[bytes, ...] = ()
    """DER of certificates that may sign ``internalconf``."""
    external_certificates: tuple[bytes, ...] = ()
    """DER of certificates that may sign ``externalconf``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorSource:
    """A download place of an anchor with its verification certificates."""

    download_url: str
    """Without a version parameter."""
    certificates: tuple[bytes, ...]
    """DER as decoded, at least one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationAnchor:
    """What makes a client believe one configuration source (mỏ neo cấu hình)."""

    instance: str
    """Instance identifier."""
    sources: tuple[AnchorSource, ...]
    """At least one."""
    generated_at: datetime | None = None
    """Aware, or None where left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementService:
    """Where security servers send management requests."""

    auth_cert_reg_url: str
    """Never blank."""
    provider: ClientId
    """Who answers management requests."""
    auth_cert_reg_certificate_der: bytes | None = None
    """TLS certificate of the registration service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateParameters:
    """What only the instance's own security servers are told."""

    instance: str
    """Instance identifier."""
    management_service: ManagementService
    """Where to register."""
    anchors: tuple[ConfigurationAnchor, ...] = ()
    """Of federated instances."""
    timestamping_interval: timedelta = timedelta(seconds=60)
    """As written; users clamp to 60–86400 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedParameters:
    """What everybody is told about an instance."""

    instance: str
    """Instance identifier."""
    sources: tuple[ConfigurationSource, ...] = ()
    """Version 3."""
    approved_cas: tuple[ApprovedCa, ...] = ()
    """In the order written."""
    approved_tsas: tuple[ApprovedTsa, ...] = ()
    """In the order written."""
    members: tuple[Member, ...] = ()
    """In the order written."""
    servers: tuple[SecurityServer, ...] = ()
    """In the order written."""
    groups: tuple[GlobalGroup, ...] = ()
    """In the order written."""
    member_classes: tuple[MemberClass, ...] = ()
    """All classes, also those without members."""
    ocsp_freshness: timedelta = timedelta(seconds=3600)
    """Greatest age of an OCSP answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GlobalConf:
    """Everything one instance publishes, as one client holds it."""

    version: int
    """Wire version of the shared parameters, 2–6."""
    shared: SharedParameters
    """Always present."""
    private: PrivateParameters | None = None
    """None for federated instances."""
    expires: datetime | None = None
    """Earliest expiry of its parts, aware; None where the metadata are missing: never."""
    monitoring_client: ClientId | None = None
    """Who may ask every server for monitoring data. Part MONITORING."""
    verify_next_update: bool = True
    """Whether nextUpdate of OCSP answers counts. Part NEXTUPDATE."""
    ocsp_fetch_interval: timedelta = timedelta(seconds=1200)
    """How often a server asks for OCSP answers, at least 60 s. Part FETCHINTERVAL."""

    @property
    def instance(self) -> str:
        """Instance identifier."""
        return self.shared.instance

    def is_expired(self, at: datetime) -> bool:
        """Whether it must not be used at *at*. Source: governance s.1.7."""
        return self.expires is not None and self.expires <= at
