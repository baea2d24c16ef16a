"""The story of a country, told as it happens: every line is an assertion, with the time it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from lienthong.exchange.errors import ExchangeError
from lienthong.nation.errors import NationError
from lienthong.nation.scenes import (
    clock,
    crash,
    disk,
    door,
    evidence,
    flight,
    identity,
    revocation,
    takeover,
    timestamps,
)
from lienthong.nation.stage import Stage, Told
from lienthong.systems.vocabulary.bilingual import Text

Scene = Callable[[Stage], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the story, as it went."""

    name: str
    """Of the scene."""
    text: Text
    """What was shown; or why it did not hold."""
    seconds: float
    """How long it took."""
    held: bool
    unjudged: tuple[Text, ...] = ()
    """What nobody judged, and why."""


_FIRST: tuple[Scene, ...] = (
    identity.identity_verified,
    identity.identity_verified_over_soap,
    evidence.signatures_judged,
    evidence.timestamps_judged,
    door.purpose_demanded,
    flight.altered_in_flight,
    crash.killed_under_load,
)
_FAULTS: tuple[Scene, ...] = (
    door.right_demanded,
    takeover.second_server_takes_over,
    timestamps.timestamps_caught_up,
    clock.skewed_clock_refused,
    disk.full_disk_refused,
    revocation.revoked_certificate_refused,
)
PLAIN = (*_FIRST, identity.readers_listed)
"""What ``make demo`` tells, in this order."""
FULL = (*_FIRST, *_FAULTS, identity.readers_listed)
"""With more faults."""


def tell(stage: Stage, scenes: Sequence[Scene], *, before: Callable[[str], None]) -> Iterator[Line]:
    """Play the scenes in order; ends after the first that does not hold.

    Args:
        before: Hears the name of each scene before it is played.
    """
    for scene in scenes:
        before(scene.__name__.replace("_", " "))
        line = play(scene.__name__, partial(scene, stage))
        yield line
        if not line.held:
            return


def play(name: str, scene: Callable[[], Told]) -> Line:
    """Play one scene and measure it."""
    begun = time.perf_counter()
    try:
        told = scene()
    except (NationError, ExchangeError, OSError) as exc:
        cause = str(exc) or type(exc).__name__
        return Line(name=name, text=Text(cause, cause), seconds=time.perf_counter() - begun, held=False)
    seconds = time.perf_counter() - begun
    return Line(name=name, text=told.text, seconds=seconds, held=True, unjudged=told.unjudged)
