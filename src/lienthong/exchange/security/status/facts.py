"""What is known of a server at one moment; gathered by :mod:`.watch`, judged and shown by the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from lienthong.exchange.identifiers import SecurityServerId
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.cycles.timestamps import TimestampState


class Use(Enum):
    """What a key of ours is for."""

    AUTHENTICATION = "authentication"
    SIGNING = "signing"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """A key of the settings with its certificate."""

    use: Use
    """What it is for."""
    owner: str
    """The server's or the member's identifier."""
    problem: str = ""
    """Why it cannot be used, in English; empty while it can."""
    is_spare: bool = False
    """Whether another key of the same member signs."""
    not_after: datetime | None = None
    """End of the certificate; None where there is none."""
    ocsp_at: datetime | None = None
    """``thisUpdate`` of the OCSP answer at hand."""
    usable_until: datetime | None = None
    """When the evidence at hand ends; None while unusable."""

    def problem_at(self, now: datetime) -> str:
        """Why it cannot be used at *now*."""
        if self.problem:
            return self.problem
        if self.usable_until is not None and self.usable_until < now:
            return "its OCSP answer is too old"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskFacts:
    """What the data folder says; costly, so kept for a while."""

    instance: str = ""
    """Own instance."""
    has_configuration: bool = False
    """Whether there is one that may be used as long as it has not expired."""
    configuration_problem: str = ""
    """Why not, in English."""
    expires: datetime | None = None
    """When the global configuration ends."""
    keys: tuple[KeyFacts, ...] = ()
    """Of the server, then of its members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleFacts:
    """Something the control process does again and again."""

    name: str
    """``configuration``, ``ocsp``, ``timestamp`` or ``index``."""
    last_good: datetime | None = None
    """When it last went well."""
    problem: str = ""
    """Why the last turn failed, in English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFacts:
    """Everything the page, health and figures are made of."""

    now: datetime
    """Aware UTC."""
    server: SecurityServerId
    """Which server."""
    disk: DiskFacts
    """From the data folder."""
    timestamps: TimestampState = field(default_factory=TimestampState)
    """How timestamping stands."""
    timestamp_period: timedelta = timedelta(0)
    """How long failed timestamping is borne; zero means for ever."""
    workers: int = 0
    """Alive, with their doors open."""
    workers_wanted: int = 1
    """In the settings."""
    cycles: tuple[CycleFacts, ...] = ()
    """In the order in which they run."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """Of all workers together."""
    failures: tuple[Failure, ...] = ()
    """Youngest first."""
