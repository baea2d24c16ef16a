"""Can this server exchange messages now? If not, every reason at once. Source: message-path dossier s.3.2, s.5.3."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from lienthong.exchange.messagelog.gate import refuses
from lienthong.exchange.security.status.facts import ServerFacts, Use


class Reason(Enum):
    """Why a server cannot exchange messages."""

    WORKERS = "workers"
    NO_CONFIGURATION = "no_configuration"
    EXPIRED = "configuration_expired"
    AUTHENTICATION = "authentication"
    SIGNER = "signer"
    NO_TSA = "no_timestamping_authority"
    TIMESTAMPS = "timestamping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ailment:
    """One reason with what is known of it."""

    reason: Reason
    """Which."""
    subject: str = ""
    """Member or server it is about."""
    detail: str = ""
    """In English."""


def judge_health(facts: ServerFacts) -> tuple[Ailment, ...]:
    """Every reason why messages cannot pass; empty for a healthy server."""
    return (*_workers(facts), *_configuration(facts), *_keys(facts), *_timestamps(facts))


def _workers(facts: ServerFacts) -> tuple[Ailment, ...]:
    return () if facts.workers else (Ailment(reason=Reason.WORKERS),)


def _configuration(facts: ServerFacts) -> tuple[Ailment, ...]:
    disk = facts.disk
    if not disk.has_configuration:
        return (Ailment(reason=Reason.NO_CONFIGURATION, subject=disk.instance, detail=disk.configuration_problem),)
    if disk.expires is not None and disk.expires <= facts.now:
        return (Ailment(reason=Reason.EXPIRED, subject=disk.instance, detail=disk.expires.isoformat()),)
    return ()


def _keys(facts: ServerFacts) -> tuple[Ailment, ...]:
    """A member with several keys is well while one of them signs."""
    bad = [(key, problem) for key in facts.disk.keys if not key.is_spare and (problem := key.problem_at(facts.now))]
    return tuple(
        Ailment(
            reason=Reason.AUTHENTICATION if key.use is Use.AUTHENTICATION else Reason.SIGNER,
            subject=key.owner,
            detail=problem,
        )
        for key, problem in bad
    )


def _timestamps(facts: ServerFacts) -> tuple[Ailment, ...]:
    state = facts.timestamps
    shut = refuses(facts.now, state.last_success, state.failing_since, facts.timestamp_period, has_tsa=state.has_tsa)
    if shut is None:
        return ()
    return (Ailment(reason=Reason.TIMESTAMPS if state.has_tsa else Reason.NO_TSA, detail=state.problem),)
