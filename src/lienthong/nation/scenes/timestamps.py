"""The timestamping authority stops; messages are refused once the bearable time is over, and all is caught up with."""

from __future__ import annotations

from lienthong.nation.declarations import ServerChoices
from lienthong.nation.errors import CommandError
from lienthong.nation.provision import apply_settings
from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.wording import sentence

BEARABLE_S = 2
_OVERDUE = "server.clientproxy.mlog.timestamping_failed"


def timestamps_caught_up(stage: Stage) -> Told:
    """Messages pass, then are refused, then pass again, and none stays without a timestamp."""
    consumer, authority = stage.country.consumer_server, stage.plan.authority_process()
    order = ("security", "timestamp", "--now", "--data", consumer.name)
    stage.operate(*order)
    stage.launcher.kill(authority.name)
    asked = [stage.officer.verify(stage.other_claim).message_id for _ in range(3)]
    apply_settings(stage.plan, consumer, ServerChoices(timestamp_failure_s=BEARABLE_S))
    require(_fails(stage, *order), "a timestamp was given though the authority is gone")
    stage.until(lambda: not stage.is_served(), "messages are let through without timestamps")
    fault = refusal(lambda: stage.officer.verify(stage.other_claim), code=_OVERDUE)
    stage.launcher.start(authority)
    stage.launcher.await_ready(authority)
    stage.operate(*order)
    entries = [entry for entry in stage.log_of(consumer) if entry["message_id"] in asked]
    require(len(entries) == 2 * len(asked), "a message that passed is not in the log")
    require(all(entry["timestamped"] for entry in stage.log_of(consumer)), "a record stays without a timestamp")
    stage.until(stage.is_served, "messages are refused though all is timestamped")
    apply_settings(stage.plan, consumer)
    return Told(text=sentence("timestamps_caught_up", code=fault.code, count=len(entries)))


def _fails(stage: Stage, *words: str) -> bool:
    try:
        stage.operate(*words)
    except CommandError:
        return True
    return False
