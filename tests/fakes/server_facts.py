"""How a security server stands, as its status page is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fakes.instance_seen import NOW, OWN

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.observing import Observer
from lienthong.exchange.security.status.facts import CycleFacts, DiskFacts, KeyFacts, ServerFacts, Use

HOUR = timedelta(hours=1)


def key(use: Use = Use.SIGNING, **changed: object) -> KeyFacts:
    facts = KeyFacts(
        use=use,
        owner="VN/GOV/000.00.00.G01",
        not_after=NOW + timedelta(days=400),
        ocsp_at=NOW - timedelta(minutes=3),
        usable_until=NOW + HOUR,
    )
    return replace(facts, **changed)  # type: ignore[arg-type]  # tests name real fields


def disk(**changed: object) -> DiskFacts:
    facts = DiskFacts(
        instance="VN", has_configuration=True, expires=NOW + timedelta(minutes=9), keys=(key(Use.AUTHENTICATION), key())
    )
    return replace(facts, **changed)  # type: ignore[arg-type]  # tests name real fields


def failure(**changed: object) -> Failure:
    given: dict[str, object] = {
        "at": NOW - timedelta(minutes=2),
        "side": "client",
        "fault_code": "server.serverproxy.access_denied",
        "client": "VN/GOV/000.00.00.H10/onestop",
        "service": "VN/GOV/000.00.00.G01/population/citizens",
        "detail": "d-1",
        **changed,
    }
    return Failure(**given)  # type: ignore[arg-type]  # tests name real fields


def server(**changed: object) -> ServerFacts:
    """A server that is well, unless told otherwise."""
    facts = ServerFacts(
        now=NOW,
        server=OWN,
        disk=disk(),
        timestamps=TimestampState(last_success=NOW),
        timestamp_period=4 * HOUR,
        workers=2,
        workers_wanted=2,
        cycles=tuple(CycleFacts(name=n, last_good=NOW) for n in ("configuration", "ocsp", "timestamp", "index")),
        counters={"client_exchanges": 7, "client_failures": 1, "fault:server.serverproxy.access_denied": 1},
    )
    return replace(facts, **changed)  # type: ignore[arg-type]  # tests name real fields


def noted(service: str) -> Failure:
    """The failure that a worker tells of after a call to *service* was refused."""
    told: list[Failure] = []
    Observer(tell=told.append).refused("client", Fault("unknown_service", service), NOW, service=service)
    return told[0]
