"""How each process of a country stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lienthong.nation.launcher import Launcher, is_healthy
from lienthong.nation.plan import CountryPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessStatus:
    """A process as it is now."""

    name: str
    """Of its plan."""
    state: Literal["healthy", "unwell", "down"]
    """Whether it runs, and answers its health address."""
    pids: tuple[int, ...]
    """Its number and those of all it forked."""
    url: str
    """Its health address."""


def look_at(plan: CountryPlan, launcher: Launcher) -> tuple[ProcessStatus, ...]:
    """Every process of the country, in the order of starting."""
    found = []
    for process in plan.processes():
        pids = tuple(sorted(launcher.members(process.name)))
        state: Literal["healthy", "unwell", "down"] = "down"
        if pids:
            state = "healthy" if is_healthy(process.health) else "unwell"
        found.append(ProcessStatus(name=process.name, state=state, pids=pids, url=process.health))
    return tuple(found)
