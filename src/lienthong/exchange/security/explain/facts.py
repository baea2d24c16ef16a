"""What explain gathers before it judges: bytes, instants and problems, nothing decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningFacts:
    """What the running server says of itself."""

    workers: int
    """Worker processes alive."""
    has_tsa: bool
    """Whether an approved timestamping authority is configured."""
    last_timestamp: datetime | None = None
    """When timestamping last succeeded."""
    failing_since: datetime | None = None
    """When the present run of failed timestamps began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What the data folder of our own server holds."""

    now: datetime
    """Aware UTC."""
    settings: Settings
    """In force."""
    running: RunningFacts | None = None
    """None where no server runs on the folder."""
    globalconf: GlobalConfSet | None = None
    """None where it is missing or cannot be read."""
    globalconf_problem: str = ""
    """Why not, in English."""
    snapshot: Snapshot | None = None
    """None where keys or certificates cannot be read, or the configuration must not be used."""
    snapshot_problem: str = ""
    """Why not, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFacts:
    """What one server of the provider showed when it was asked."""

    address: str
    """As the global configuration has it."""
    port: int
    """Of the message port that was dialled."""
    ocsp_port: int
    """Of the port that gives OCSP answers."""
    asked_at: datetime
    """When it was asked, by our clock."""
    connect_problem: str = ""
    """Why no connection came about, in English."""
    handshake_problem: str = ""
    """What ended the TLS handshake, in English."""
    showed_own_certificate: bool = False
    """Whether we showed a certificate, as a security server must."""
    chain_der: tuple[bytes, ...] = ()
    """Certificates it showed, leaf first (DER); seen even when the handshake failed later."""
    ocsp_responses: tuple[bytes, ...] = ()
    """DER, one for each certificate of the chain."""
    ocsp_problem: str = ""
    """Why there are none, in English."""
    clock: datetime | None = None
    """Its ``Date``, where it sent one; to the second."""
