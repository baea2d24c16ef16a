"""Settings of one security server, as frozen values without secrets.

They are read from one TOML file by :func:`lienthong.exchange.serverconf.reading.parse_settings`; every default below is
the default of the file. Names of files are absolute or start at the data folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path

from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId, SubjectId

APPLIED_SETTINGS = "applied.toml"
"""Name, in the data folder, of the settings the server runs by; only ``security apply`` writes it."""
PID_FILE = "supervisor.pid"
"""Name, in the data folder, of the file where a running supervisor writes its process id."""

ANY_METHOD = "*"
ANY_PATH = "**"


class FaultSpelling(Enum):
    """How fault codes are spelt to peers and systems. Source: message-path s.8.2."""

    LOWER = "7.8"
    CAMEL = "7.0"


class ConnectionType(Enum):
    """How an information system must connect to act as a client. Source: message-path s.2.3."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    HTTPS_NO_AUTH = "HTTPS_NO_AUTH"


class ClientStatus(Enum):
    """Where a client stands with the central server; only ``REGISTERED`` may exchange. Source: message-path s.6."""

    SAVED = "saved"
    REGISTRATION_IN_PROGRESS = "registration in progress"
    REGISTERED = "registered"
    DELETION_IN_PROGRESS = "deletion in progress"
    GLOBAL_ERROR = "global error"
    DISABLED = "disabled"
    DISABLING_IN_PROGRESS = "disabling in progress"
    ENABLING_IN_PROGRESS = "enabling in progress"


class ServiceType(Enum):
    """What kind of description stands behind a service. Source: message-path s.6."""

    REST = "REST"
    OPENAPI = "OPENAPI"
    WSDL = "WSDL"


class LogEngine(Enum):
    """Where the message log is kept."""

    JOURNAL = "journal"
    POSTGRES = "postgres"


class IndexEngine(Enum):
    """Where the index over the journals is kept."""

    SQLITE = "sqlite"
    POSTGRES = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """TCP ports this server listens on and those it dials at other servers. Source: message-path s.2.1."""

    messages: int = 5500
    """Message transport between servers, mutual TLS."""
    ocsp: int = 5577
    """OCSP responses for other servers, plain HTTP."""
    http: int = 8080
    """Information systems, plain HTTP; 0 closes it."""
    https: int = 8443
    """Information systems, HTTPS; 0 closes it."""
    status: int = 8081
    """Operators: status page, health, figures; plain HTTP on the address for information systems; 0 closes it."""
    dial_port: int = 5500
    """Message port of every other server."""
    dial_ocsp_port: int = 5577
    """OCSP port of every other server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How often the background cycles run; ``None`` leaves the value to the global configuration."""

    configuration_refresh: timedelta = timedelta(seconds=60)
    """Between two downloads of the global configuration."""
    ocsp_fetch: timedelta | None = None
    """Between two OCSP fetches; may be shorter than the 60 s the protocol allows in global configuration."""
    ocsp_retry: timedelta = timedelta(seconds=60)
    """After a failed OCSP fetch."""
    timestamp: timedelta | None = None
    """Between two timestamp batches."""
    timestamp_retry: timedelta = timedelta(seconds=60)
    """After a failed batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds that keep one caller from taking the whole server."""

    parallel_connections: int = 1000
    """Connections accepted at once, per worker and listener."""
    body_bytes: int = 5 * 1024**3
    """Largest body relayed."""
    loggable_body_bytes: int = 10 * 1024**2
    """Largest body kept in the message log. Source: message-path s.5.2."""
    truncated_body_allowed: bool = False
    """Whether a larger body is logged cut short instead of refused."""
    header_block_bytes: int = 64 * 1024
    """Largest block of HTTP headers read."""
    service_timeout: timedelta = timedelta(seconds=60)
    """Silence a service may keep, where the service names no time of its own."""
    answer_timeout: timedelta = timedelta(seconds=600)
    """Silence a provider's server may keep before and within its answer; it is silent while its service works."""
    connect_timeout: timedelta = timedelta(seconds=30)
    """For reaching a server or service."""
    silence: timedelta = timedelta(seconds=15)
    """Longest silence of another server in the middle of its message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """How messages are kept. Source: message-path s.5.2, s.5.3."""

    engine: LogEngine = LogEngine.JOURNAL
    index: IndexEngine = IndexEngine.SQLITE
    """Of the journals; PostgreSQL as the log is its own index."""
    dsn_file: Path | None = None
    """File holding the PostgreSQL connection string; mandatory where log or index is ``postgres``."""
    body_logging: bool = True
    """Whether bodies are logged, where neither a service nor an exception says otherwise."""
    local_exceptions: frozenset[ClientId] = frozenset()
    """Provider subsystems for which the opposite of ``body_logging`` holds when this server is the provider's."""
    remote_exceptions: frozenset[ClientId] = frozenset()
    """The same when this server is the consumer's."""
    withhold_personal_data: bool = True
    """Withhold bodies of services marked as giving personal data, whatever the rest says."""
    timestamp_immediately: bool = False
    """One timestamp per message, before it is delivered."""
    acceptable_timestamp_failure_period: timedelta = timedelta(seconds=14400)
    """How long timestamping may fail before messages are refused; zero never refuses."""
    segment_bytes: int = 64 * 1024**2
    """Size at which a journal segment is closed."""
    archive_after: timedelta = timedelta(0)
    """Age at which records may be moved into an archive; zero never. Source: message-path s.5.7 (keep-records-for)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReference:
    """A key and its certificate in the token folder."""

    key: str
    """Name of the key in the token folder."""
    certificate: Path | None = None
    """Certificate file; ``None`` takes the one beside the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Which keys the server uses; passwords stay in a file."""

    tokens: Path
    """Folder of the token store."""
    password_file: Path
    """File whose first line opens the keys."""
    authentication: KeyReference
    """Key of the server itself, for mutual TLS between servers."""
    internal_tls: KeyReference | None = None
    """Key shown to information systems and services over HTTPS."""
    signing: tuple[tuple[ClientId, KeyReference], ...]
    """Signing key of each member, in order of preference."""

    def signing_key_of(self, client: ClientId) -> KeyReference | None:
        """The first signing key of the member that *client* is or belongs to."""
        return next((key for member, key in self.signing if member == client.member), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampingService:
    """A timestamping service the global configuration approves."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A method and path of a service; only these two words, no right in themselves."""

    method: str = ANY_METHOD
    """Upper-case HTTP method, or ``*``."""
    path: str = ANY_PATH
    """Path pattern of :mod:`.paths`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRight:
    """A right of one subject on a whole service, or on one endpoint of it. Source: message-path s.6."""

    subject: SubjectId
    endpoint: Endpoint = field(default_factory=Endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service a client provides."""

    code: str
    version: str | None = None
    """Of a ``WSDL`` service that has one; several versions of one code stand beside each other."""
    type: ServiceType = ServiceType.REST
    url: str = ""
    """Where the service listens; ``http`` or ``https``."""
    timeout: timedelta | None = None
    """Silence the service may keep; ``None`` takes the limit of the server."""
    tls_verify: bool = True
    """Whether the service's TLS certificate must be one of the client's registered ones. Source: message-path s.2.8."""
    disabled: bool = False
    notice: str = ""
    """Told to authorised callers while the service is disabled."""
    personal_data: bool = False
    """Whether a purpose is demanded at the door."""
    issue_patterns: tuple[str, ...] = ()
    """Regular expressions, whole string; empty takes those of :mod:`.purpose`."""
    log_body: bool | None = None
    """Overrides the body logging of the server."""
    openapi: str = ""
    """File or address of the OpenAPI document of an ``OPENAPI`` service."""
    wsdl: str = ""
    """File or address of the WSDL of a ``WSDL`` service; the services that name the same one are one description."""
    endpoints: tuple[Endpoint, ...] = ()
    """What ``listMethods`` shows beside the service itself."""
    access: tuple[AccessRight, ...] = ()

    @property
    def name(self) -> str:
        """What tells the services of one client apart: the code, and the version where there is one."""
        return self.code if self.version is None else f"{self.code}/{self.version}"

    @property
    def description(self) -> str:
        """File or address of what describes the service; empty for a ``REST`` one."""
        return self.wsdl or self.openapi


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalGroup:
    """A group of clients known only to one provider client."""

    code: str
    members: frozenset[ClientId] = frozenset()
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A member or subsystem served by this security server."""

    id: ClientId
    status: ClientStatus = ClientStatus.REGISTERED
    connection_type: ConnectionType = ConnectionType.HTTPS
    certificates: tuple[Path, ...] = ()
    """Certificates of its information systems and services, PEM or DER."""
    groups: tuple[LocalGroup, ...] = ()
    services: tuple[Service, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FacadeSettings:
    """The adapter façade old Vietnamese clients call. Source: domain dossier s.A8."""

    enabled: bool = False
    client: ClientId | None = None
    """Who calls when the request has no ``X-Road-Client``."""
    services: tuple[tuple[str, str], ...] = ()
    """``providerurl`` to service code, where the last segment of the address is not the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything one security server is told."""

    id: SecurityServerId
    data: Path
    """Data folder; where relative names start."""
    anchor: Path
    """Configuration anchor file."""
    keys: Keys
    listen: str = "0.0.0.0"  # noqa: S104 other servers must reach it
    """Address for other servers."""
    systems_listen: str = "127.0.0.1"
    """Address for information systems."""
    ports: Ports = field(default_factory=Ports)
    workers: int = 1
    """Worker processes on the same ports."""
    allow_test_profile: bool = False
    """Whether certificates of the test profile are believed; never in production."""
    fault_spelling: FaultSpelling = FaultSpelling.LOWER
    pools: bool = True
    """Whether connections to other servers are kept open between messages."""
    tls_versions: tuple[str, ...] = ("1.2", "1.3")
    """Versions of TLS spoken on every port."""
    min_supported_client_version: str = ""
    """Oldest client proxy version served, ``7.6.0``; empty serves all."""
    wsdl_client: ClientId | None = None
    """In whose name ``GET /wsdl`` asks for descriptions; None does not answer it."""
    intervals: Intervals = field(default_factory=Intervals)
    limits: Limits = field(default_factory=Limits)
    log: LogSettings = field(default_factory=LogSettings)
    timestamping: tuple[TimestampingService, ...] = ()
    clients: tuple[Client, ...] = ()
    facade: FacadeSettings = field(default_factory=FacadeSettings)
    _clients: Mapping[ClientId, Client] = field(init=False, repr=False, compare=False)
    """The clients by id: every message asks."""
    _services: Mapping[tuple[ClientId, str, str | None], Service] = field(init=False, repr=False, compare=False)
    """The services by the parts of their ids."""

    def __post_init__(self) -> None:
        clients = {client.id: client for client in reversed(self.clients)}
        services = {(c.id, each.code, each.version): each for c in clients.values() for each in reversed(c.services)}
        object.__setattr__(self, "_clients", clients)
        object.__setattr__(self, "_services", services)

    def client(self, client: ClientId) -> Client | None:
        """The client served here under exactly this id."""
        return self._clients.get(client)

    def service(self, service: ServiceId) -> Service | None:
        """The service of a client served here, under exactly this id and version. Source: message-path s.6."""
        return self._services.get(service)
