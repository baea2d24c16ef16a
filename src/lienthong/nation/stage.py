"""What a scene of the story works with, and how it says that something did not hold."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lienthong.exchange.connector import RestFault
from lienthong.nation.commands import lienthong
from lienthong.nation.errors import CommandError, StoryError
from lienthong.nation.judges import Exhibit
from lienthong.nation.launcher import Launcher
from lienthong.nation.officer import Citizen, Claim, Officer, find_citizens
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import ServerPlan
from lienthong.systems.vocabulary.bilingual import Text

PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A scene that held."""

    text: Text
    """What was shown."""
    unjudged: tuple[Text, ...] = ()
    """What nobody judged, and why; it counts against the story where judges must be present."""


class Stage:
    """A country that is up, its processes, its officer and a citizen."""

    def __init__(self, plan: CountryPlan, launcher: Launcher) -> None:
        self.plan = plan
        self.launcher = launcher
        self.officer = Officer(plan)
        self.country = plan.country
        self.exhibits: tuple[Exhibit, ...] = ()

    def prepare(self) -> None:
        """Find the citizens before anything is measured."""
        self.claim, self.other_claim  # noqa: B018 - they are kept

    @cached_property
    def citizens(self) -> list[Citizen]:
        """Two people in the register."""
        return find_citizens(self.plan)

    @property
    def citizen(self) -> Citizen:
        """Whose identity is verified, and who looks at the page."""
        return self.citizens[0]

    @property
    def other(self) -> Citizen:
        """Who is asked about while things break, so that the first one's page stays short."""
        return self.citizens[1]

    @cached_property
    def claim(self) -> Claim:
        """What the citizen says at the counter."""
        return self.officer.claim(self.citizen.number)

    @cached_property
    def other_claim(self) -> Claim:
        """What the other one says."""
        return self.officer.claim(self.other.number)

    def operate(self, *words: str) -> str:
        """Run an operator's command in the country's folder; raises CommandError."""
        return lienthong(*words, folder=self.plan.folder)

    def restart(self, server: ServerPlan) -> None:
        """Start a security server again and wait until it serves."""
        process = self.plan.server_process(server)
        self.launcher.start(process)
        self.launcher.await_ready(process)

    def is_served(self, *, by: ServerPlan | None = None) -> bool:
        """Whether a call is answered now; *by* names the server that shall answer."""
        try:
            self.officer.verify(self.other_claim, by=by)
        except RestFault:
            return False
        return True

    def until(self, is_true: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds; raises StoryError with *otherwise* where it takes too long."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_true():
            require(time.monotonic() < deadline, otherwise)
            time.sleep(0.1)

    def log_of(self, server: ServerPlan) -> list[dict[str, object]]:
        """Every entry of a server's message log, by the operator's command."""
        words = ("security", "log", "list", "--jsonl", "--limit", "1000000", "--data", server.name)
        try:
            return [json.loads(line) for line in self.operate(*words).splitlines()]
        except CommandError:
            return []


def require(holds: object, text: str) -> None:
    """Go on only if something holds; raises StoryError."""
    if not holds:
        raise StoryError(text)


def refusal(call: Callable[[], object], *, code: str) -> RestFault:
    """The fault with which a call is refused; raises StoryError where it is let through or refused otherwise."""
    try:
        call()
    except RestFault as fault:
        require(fault.code == code, f"refused with {fault.code} ({fault.message}), not with {code}")
        return fault
    raise StoryError(f"let through, though {code} was due")
