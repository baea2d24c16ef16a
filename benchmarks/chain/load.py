"""Load by wrk: POST requests, REST or SOAP, with distinct message ids, and what came of them."""

from __future__ import annotations

import json
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("load.lua")


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one round of load brought."""

    rate: float
    """Answers per second."""
    answers: int
    """Complete answers, good or not."""
    failed: int
    """Answers that were no success, and connections that failed."""
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a load goes, and what it posts."""

    url: str
    path: str
    size: int
    """Bytes of each request."""
    template: str = ""
    """A SOAP envelope with ``@ID@`` and ``@PAD@`` in it; empty posts bytes to a REST service."""


def put_load(target: Target, *, connections: int, seconds: float) -> Load:
    """POST to *target* over so many connections for so long."""
    done = subprocess.run(
        [
            "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "--latency",
            "-s", str(_SCRIPT), target.url, "--", target.path, secrets.token_hex(6), str(target.size),
            *filter(None, [target.template]),
        ],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout.rsplit("JSON ", 1)[1])
    return Load(
        rate=found["requests"] / (found["microseconds"] / 1e6),
        answers=found["requests"],
        failed=found["failed"],
        p50_ms=found["p50_us"] / 1000,
        p99_ms=found["p99_us"] / 1000,
    )
