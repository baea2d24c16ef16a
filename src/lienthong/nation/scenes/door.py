"""What the provider's security server refuses at the door."""

from __future__ import annotations

from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.wording import sentence

_DENIED = "server.serverproxy.access_denied"


def purpose_demanded(stage: Stage) -> Told:
    """The same call without officer and dossier is refused before the register sees it."""
    fault = refusal(lambda: stage.officer.verify(stage.other_claim, officer="", purpose=""), code=_DENIED)
    require(fault.message.startswith("Purpose required:"), f"refused for another reason: {fault.message}")
    return Told(text=sentence("purpose_demanded", code=fault.code))


def right_demanded(stage: Stage) -> Told:
    """A subsystem that nobody gave a right is refused, though it says who asks and why."""
    stranger = stage.officer.as_client(stage.country.stranger)
    fault = refusal(
        lambda: stranger.call(
            stage.country.service,
            "GET",
            f"/persons/{stage.other.number}",
            officer="can-bo-02",
            purpose=stage.officer.dossier,
        ),
        code=_DENIED,
    )
    require(not fault.message.startswith("Purpose required:"), f"refused for another reason: {fault.message}")
    return Told(text=sentence("right_demanded", code=fault.code))
