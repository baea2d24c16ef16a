"""An officer verifies a citizen's identity, and the citizen sees it."""

from __future__ import annotations

import urllib.request

import msgspec

from lienthong.nation.officer import REGISTER
from lienthong.nation.stage import Stage, Told, require
from lienthong.nation.wording import sentence


class _Verdict(msgspec.Struct):
    confirmed: bool


def identity_verified(stage: Stage) -> Told:
    """An officer of the province verifies a citizen with the population register."""
    answer = stage.officer.verify(stage.claim)
    require(msgspec.json.decode(answer.body, type=_Verdict).confirmed, "the identity was not confirmed")
    return Told(
        text=sentence("identity_verified", asking=stage.country.asking.name, answering=stage.country.answering.name)
    )


def identity_verified_over_soap(stage: Stage) -> Told:
    """The same question to the same register, in an envelope: it gives the same answer."""
    answer = stage.officer.verify_by_soap(stage.claim)
    require(answer.body.findtext(f"{{{REGISTER}}}confirmed") == "true", "the identity was not confirmed over SOAP")
    return Told(text=sentence("identity_verified_over_soap", answering=stage.country.answering.name))


def readers_listed(stage: Stage) -> Told:
    """The citizen sees every read, under the name that the asking agency had on that day."""
    readers = stage.officer.readers(stage.citizen.number)
    require({"look_up_person", "verify_identity"} <= {event.operation for event in readers}, "a read is not listed")
    asking = stage.country.asking.name
    for language, name in (("vi", asking.vi), ("en", asking.en)):
        with urllib.request.urlopen(f"{stage.citizen.link}?lang={language}", timeout=30) as answer:  # noqa: S310 - a loopback address of our own
            page = answer.read().decode("utf-8").replace("&#x27;", "'")
        require(name in page, f"the citizen's page does not name {name}")
    return Told(text=sentence("readers_listed", count=len(readers), asking=asking, link=stage.citizen.link))
