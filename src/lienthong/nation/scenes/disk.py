"""A server that can write nothing any more refuses every message, and serves again as soon as it can.

No file of its processes may grow: their limit on file size (RLIMIT_FSIZE, which needs no privilege) is lowered to
nothing while they run. To the server every write to a disk fails, as on a full one.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.topology import ServerPlan
from lienthong.nation.wording import sentence

_UNLOGGED = "server.serverproxy.logging_failed"


def full_disk_refused(stage: Stage) -> Told:
    """Nothing is delivered that is not durable, and no process ends for it."""
    provider = stage.country.provider_server
    before = set(stage.launcher.members(provider.name))
    with _nothing_writable(stage, provider):
        fault = refusal(lambda: stage.officer.verify(stage.other_claim, by=provider), code=_UNLOGGED)
    stage.until(lambda: stage.is_served(by=provider), "the server does not serve again though it can write")
    require(set(stage.launcher.members(provider.name)) == before, "a process of the server ended")
    return Told(text=sentence("full_disk_refused", code=fault.code))


@contextmanager
def _nothing_writable(stage: Stage, server: ServerPlan) -> Iterator[None]:
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in stage.launcher.members(server.name)}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limit in limits.items():
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
