"""What the provider's security server refuses at the door."""

from __future__ import annotations

from lienthong.nation.stage import Stage, Told, refusal, require
from lienthong.nation.wording import fill
from lienthong.systems.vocabulary.bilingual import Text

_DENIED = "server.serverproxy.access_denied"
_PURPOSE = Text(
    "Cùng lời gọi ấy nhưng không nêu ai hỏi và để làm gì: bị từ chối ngay tại cửa ({code}).",
    "The same call without saying who asks and why: refused at the door ({code}).",
)
_RIGHT = Text(
    "Một hệ thống khác của cùng tỉnh, không được cấp quyền: bị từ chối ({code}).",
    "Another system of the same province, without an access right: refused ({code}).",
)


def purpose_demanded(stage: Stage) -> Told:
    """The same call without officer and dossier is refused before the register sees it."""
    fault = refusal(lambda: stage.officer.verify(stage.claim, officer="", purpose=""), code=_DENIED)
    require(fault.message.startswith("Purpose required:"), f"refused for another reason: {fault.message}")
    return Told(text=fill(_PURPOSE, code=fault.code))


def right_demanded(stage: Stage) -> Told:
    """A subsystem that nobody gave a right is refused, though it says who asks and why."""
    stranger = stage.officer.as_client(stage.country.stranger)
    fault = refusal(
        lambda: stranger.call(
            stage.country.service,
            "GET",
            f"/persons/{stage.citizen.number}",
            officer="can-bo-02",
            purpose=stage.officer.dossier,
        ),
        code=_DENIED,
    )
    require(not fault.message.startswith("Purpose required:"), f"refused for another reason: {fault.message}")
    return Told(text=fill(_RIGHT, code=fault.code))
