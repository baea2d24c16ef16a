"""Figures for a monitoring system, as OpenMetrics text. Source: OpenMetrics 1.0 s."ABNF", s."Overall Structure"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lienthong.exchange.security.status.facts import KeyFacts, ServerFacts
from lienthong.exchange.security.status.health import judge_health

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_PREFIX = "lienthong_security_"
Sample = tuple[str, float]
"""Labels with braces, or ""; and the value."""


def render_metrics(facts: ServerFacts) -> bytes:
    """The whole exposition."""
    lines = [line for block in _blocks(facts) for line in block]
    return ("\n".join([*lines, "# EOF"]) + "\n").encode()


def _blocks(facts: ServerFacts) -> Iterator[list[str]]:
    now, disk = facts.now, facts.disk
    yield _gauge("healthy", "1 while messages can pass", [("", float(not judge_health(facts)))])
    yield _gauge("workers", "Worker processes alive", [("", facts.workers)])
    yield _gauge("configuration_left_seconds", "Until the global configuration ends", _left("", disk.expires, now))
    yield _gauge(
        "cycle_age_seconds",
        "Since a cycle last went well",
        [s for c in facts.cycles for s in _age(_labels(cycle=c.name), c.last_good, now)],
    )
    yield _gauge(
        "cycle_failing",
        "1 while the last turn of a cycle failed",
        [(_labels(cycle=c.name), float(bool(c.problem))) for c in facts.cycles],
    )
    yield _gauge("timestamp_age_seconds", "Since timestamping succeeded", _age("", facts.timestamps.last_success, now))
    keys = [(_key_labels(number, key), key) for number, key in enumerate(disk.keys)]
    yield _gauge(
        "certificate_left_days",
        "Days until a certificate ends",
        [(labels, value / 86400) for labels, key in keys for _, value in _left("", key.not_after, now)],
    )
    yield _gauge(
        "ocsp_age_seconds",
        "Age of the OCSP answer about a certificate",
        [sample for labels, key in keys for sample in _age(labels, key.ocsp_at, now)],
    )
    yield _gauge("key_usable", "1 while a key can be used", [(la, float(not k.problem_at(now))) for la, k in keys])
    yield from _counters(facts)


def _counters(facts: ServerFacts) -> Iterator[list[str]]:
    plain = {name: n for name, n in facts.counters.items() if not name.startswith("fault:")}
    for kind, text in (("exchanges", "Exchanges that went well"), ("failures", "Messages refused")):
        samples = [
            (_labels(side=name.removesuffix(f"_{kind}")), float(count))
            for name, count in plain.items()
            if name.endswith(f"_{kind}")
        ]
        yield _block(kind, "counter", text, samples)
    faults = [
        (_labels(code=name.partition(":")[2]), float(count))
        for name, count in facts.counters.items()
        if name.startswith("fault:")
    ]
    yield _block("faults", "counter", "Messages refused, by fault code", faults)


def _gauge(name: str, text: str, samples: list[Sample]) -> list[str]:
    return _block(name, "gauge", text, samples)


def _block(name: str, kind: str, text: str, samples: list[Sample]) -> list[str]:
    suffix = "_total" if kind == "counter" else ""
    head = [f"# TYPE {_PREFIX}{name} {kind}", f"# HELP {_PREFIX}{name} {text}"]
    return [*head, *(f"{_PREFIX}{name}{suffix}{labels} {value:.10g}" for labels, value in samples)]


def _age(labels: str, instant: datetime | None, now: datetime) -> list[Sample]:
    return [] if instant is None else [(labels, round((now - instant).total_seconds(), 3))]


def _left(labels: str, instant: datetime | None, now: datetime) -> list[Sample]:
    return [] if instant is None else [(labels, round((instant - now).total_seconds(), 3))]


def _key_labels(number: int, key: KeyFacts) -> str:
    """The number keeps two keys of one member apart."""
    return _labels(use=key.use.value, owner=key.owner, key=str(number))


def _labels(**values: str) -> str:
    return "{" + ",".join(f'{name}="{_escape(value)}"' for name, value in values.items()) + "}"


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
