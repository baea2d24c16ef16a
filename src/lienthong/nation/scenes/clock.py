"""A server whose clock is wrong refuses, and says why."""

from __future__ import annotations

from lienthong.nation import topology
from lienthong.nation.commands import python_command
from lienthong.nation.launcher import is_open
from lienthong.nation.stage import Stage, Told, refusal
from lienthong.nation.wording import sentence

AHEAD_S = 1200
_SKEWED = "server.serverproxy.global_conf_outdated"


def skewed_clock_refused(stage: Stage) -> Told:
    """The second server starts with a clock that is ahead; started again with the right one it serves."""
    second = stage.country.second_server
    door = (stage.plan.network.address(second.host), topology.MESSAGES_PORT)
    process = stage.plan.server_process(second)
    words = ("-m", "lienthong.nation.skewed_clock", "--data", second.name, "--ahead", str(AHEAD_S))
    stage.launcher.stop(second.name)
    stage.launcher.start(process, command=python_command(*words))
    stage.until(lambda: is_open(door), "the server with the wrong clock does not start")
    fault = refusal(lambda: stage.officer.verify(stage.other_claim, by=second), code=_SKEWED)
    stage.officer.verify(stage.other_claim, by=stage.country.provider_server)
    stage.launcher.stop(second.name)
    stage.restart(second)
    stage.officer.verify(stage.other_claim, by=second)
    return Told(text=sentence("skewed_clock_refused", code=fault.code))
