"""Containers: bounded in entries, size, ratio and names, and the evidence inside."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.evidence import read_evidence
from lienthong.trust.asic import read_container
from lienthong.trust.asic.reading import ContainerLimits
from lienthong.trust.errors import MalformedEvidenceError

REFUSES = (Fault, MalformedEvidenceError)
_LIMITS = ContainerLimits(entries=20, entry_bytes=1 << 20, total_bytes=1 << 21, ratio=50)


def read(data: bytes) -> None:
    with contextlib.suppress(Fault):
        assert read_evidence(data).parts
    container = read_container(data, _LIMITS)
    assert len(container.entries) <= _LIMITS.entries
    assert sum(map(len, container.entries.values())) <= _LIMITS.total_bytes
    assert not any(name.startswith("/") or ".." in name.split("/") for name in container.entries)
