"""The provider's server is killed under load and restarted; nothing that was acknowledged is lost."""

from __future__ import annotations

import time
from collections import Counter

from lienthong.nation.load import Load
from lienthong.nation.stage import Stage, Told, require
from lienthong.nation.topology import ServerPlan
from lienthong.nation.wording import sentence

LOAD_S = 1.5
_UNKNOWN_FATE = {"server.clientproxy.network_error", "server.clientproxy.io_error"}
"""What a consumer is told that got no signed answer."""


def killed_under_load(stage: Stage) -> Told:
    """acknowledged(consumer) ⊆ logged(both), executed(provider) ⊆ logged(provider), across a kill of every process."""
    provider = stage.country.provider_server
    earlier = _executed(stage)
    with Load(stage.officer, stage.other_claim, provider) as load:
        time.sleep(LOAD_S)
        killed = time.monotonic()
        stage.launcher.kill(provider.name)
        stage.restart(provider)
        back = time.monotonic()
        time.sleep(LOAD_S)
    require(any(at < killed for at, _ in load.acknowledged), "nothing was acknowledged before the kill")
    require(any(at > back for at, _ in load.acknowledged), "nothing was acknowledged after the restart")
    require(load.refused, "the kill went unnoticed: no call was refused")
    require(set(load.refused) <= _UNKNOWN_FATE, f"refused otherwise than by the loss of the server: {load.refused}")
    acknowledged = {message_id for _, message_id in load.acknowledged}
    for server in (stage.country.consumer_server, provider):
        logged = _logged(stage, server, acknowledged)
        require(acknowledged <= logged["request"] & logged["response"], f"{server.name} lost acknowledged messages")
    require(_executed(stage) - earlier <= logged["request"], "the register answered what its server had not logged")
    count, refused = len(acknowledged), sum(load.refused.values())
    return Told(text=sentence("killed_under_load", outage=f"{back - killed:.1f} s", count=count, refused=refused))


def _executed(stage: Stage) -> set[str]:
    """Verifications that the register has answered, by message id."""
    readers = stage.officer.readers(stage.other.number)
    return {event.message_id for event in readers if event.operation == "verify_identity"}


def _logged(stage: Stage, server: ServerPlan, once: set[str]) -> dict[str, set[str]]:
    """Message ids of the questions and answers in a server's log, which must be sound and hold those of *once* once."""
    stage.operate("security", "log", "check", "--data", server.name)
    entries = [(str(entry["kind"]), str(entry["message_id"])) for entry in stage.log_of(server)]
    twice = [message_id for (_, message_id), count in Counter(entries).items() if count > 1 and message_id in once]
    require(not twice, f"{server.name} has logged messages twice")
    return {kind: {message_id for each, message_id in entries if each == kind} for kind in ("request", "response")}
