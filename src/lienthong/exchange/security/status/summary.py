"""Facts of ``lienthong security status``: one line each, instants in ISO 8601, as programs and explain read them."""

from __future__ import annotations

from datetime import datetime

from lienthong.exchange.security.status.facts import KeyFacts, ServerFacts
from lienthong.exchange.security.status.health import judge_health


def summarize(facts: ServerFacts) -> dict[str, str]:
    """Names and values; a value is empty where nothing is known."""
    ailments = judge_health(facts)
    stamps = facts.timestamps
    told = {
        "server": "/".join(facts.server.parts),
        "healthy": _yes(not ailments),
        "reasons": "; ".join(f"{a.reason.value} {a.subject} {a.detail}".strip() for a in ailments),
        "workers": str(facts.workers),
        "workers_wanted": str(facts.workers_wanted),
        "configuration_expires": _iso(facts.disk.expires),
        "timestamp_has_tsa": _yes(stamps.has_tsa),
        "timestamp_last_success": _iso(stamps.last_success),
        "timestamp_failing_since": _iso(stamps.failing_since),
    }
    for cycle in facts.cycles:
        told[f"cycle_{cycle.name}"] = cycle.problem or f"good at {_iso(cycle.last_good)}"
    for key in facts.disk.keys:
        told[f"key_{key.use.value}_{key.owner}"] = _key(key, facts.now)
    return {**told, **{f"count_{name}": str(count) for name, count in facts.counters.items()}}


def _key(key: KeyFacts, now: datetime) -> str:
    if problem := key.problem_at(now):
        return problem
    return f"good, ends {_iso(key.not_after)}, OCSP of {_iso(key.ocsp_at)}"


def _iso(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat(timespec="seconds")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
