"""The provider's first server is gone; the second one, behind which the same register stands, takes over."""

from __future__ import annotations

from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.wording import sentence

_GONE = "server.clientproxy.network_error"


def second_server_takes_over(stage: Stage) -> Told:
    """Calls that name no server go on through the second one, first try."""
    first, second = stage.country.provider_server, stage.country.second_server
    stage.launcher.kill(first.name)
    fault = refusal(lambda: stage.officer.verify(stage.other_claim, by=first), code=_GONE)
    answered = {stage.officer.verify(stage.other_claim).message_id for _ in range(6)}
    logged = {str(entry["message_id"]) for entry in stage.log_of(second)}
    require(answered <= logged, "the second server has not logged what it answered")
    stage.restart(first)
    return Told(text=sentence("second_server_takes_over", code=fault.code))
