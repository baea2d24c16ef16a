"""What explain says: one verdict a step, in the order in which the steps of a real message come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.serverconf.access import Interface

Value = str | int | datetime | timedelta
"""What a text of a verdict is filled with; put into words only when the language is known."""


class Step(Enum):
    """A step that can refuse a message. Source: message-path dossier s.2.3, s.3.2, s.3.3, s.3.8, s.5.3, s.6."""

    RUNNING = "running"
    CLIENT = "client"
    CONNECTION = "connection"
    CONFIGURATION = "configuration"
    PROVIDER = "provider"
    MAINTENANCE = "maintenance"
    AUTHENTICATION = "authentication"
    TIMESTAMPING = "timestamping"
    SIGNER = "signer"
    REACHABLE = "reachable"
    HANDSHAKE = "handshake"
    CERTIFICATE = "certificate"
    OCSP = "ocsp"
    CLOCK = "clock"
    REGISTRATION = "registration"
    PROVIDER_SIGNER = "provider_signer"
    SERVICE = "service"
    ACCESS = "access"
    DISABLED = "disabled"
    PURPOSE = "purpose"


class Outcome(Enum):
    """How a step would end."""

    PASSES = "passes"
    WARNS = "warns"
    """Passes today, or another server takes over; somebody should look."""
    REFUSES = "refuses"
    UNKNOWN = "unknown"
    """Cannot be known from here."""
    UNTRIED = "untried"
    """An earlier failure left nothing to try it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The message that is not sent."""

    client: ClientId
    """Who would send it."""
    service: ServiceId
    """What it would call."""
    interface: Interface = Interface.REST
    """Whether it would be REST or SOAP, which has neither method nor path."""
    method: str = "GET"
    """HTTP method."""
    path: str = ""
    """Service path, still encoded, without query."""
    officer: str | None = None
    """``X-Road-UserId`` it would carry."""
    purpose: str | None = None
    """``X-Road-Issue`` it would carry."""
    target: SecurityServerId | None = None
    """``X-Road-Security-Server`` it would carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one step would do."""

    step: Step
    outcome: Outcome
    reason: str
    """Key of the text that tells cause and cure."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Fill the text."""
    fault_code: str = ""
    """What the caller would get; empty unless it refuses."""
    server: str = ""
    """Address of the provider's server where the step is about one of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All verdicts on one question."""

    question: Question
    verdicts: tuple[Verdict, ...]
    """In the order of the steps."""

    @property
    def first_refusal(self) -> Verdict | None:
        """The step at which the message would end; None when nothing is known that would refuse it."""
        return next((verdict for verdict in self.verdicts if verdict.outcome is Outcome.REFUSES), None)


def passes(step: Step, reason: str, **values: Value) -> Verdict:
    """A step that lets the message through."""
    return Verdict(step=step, outcome=Outcome.PASSES, reason=reason, values=values)


def warns(step: Step, reason: str, **values: Value) -> Verdict:
    """A step that lets the message through but deserves a look."""
    return Verdict(step=step, outcome=Outcome.WARNS, reason=reason, values=values)


def refuses(step: Step, reason: str, fault_code: str, **values: Value) -> Verdict:
    """A step at which the message would end."""
    return Verdict(step=step, outcome=Outcome.REFUSES, reason=reason, values=values, fault_code=fault_code)


def unknown(step: Step, reason: str, **values: Value) -> Verdict:
    """A step that only somebody else can know about."""
    return Verdict(step=step, outcome=Outcome.UNKNOWN, reason=reason, values=values)


def untried(step: Step) -> Verdict:
    """A step for which nothing is left to try."""
    return Verdict(step=step, outcome=Outcome.UNTRIED, reason="untried")
