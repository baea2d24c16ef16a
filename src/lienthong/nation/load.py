"""Many officers at once: calls with message ids of their own, and what came of each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType

from lienthong.exchange.connector import RestFault, UnreachableError
from lienthong.nation.officer import Claim, Officer
from lienthong.nation.topology import ServerPlan

CALLERS = 8


@dataclass(slots=True)
class Load:
    """Verifies the same claim again and again from several threads while the block lasts."""

    officer: Officer
    claim: Claim
    server: ServerPlan
    """Which of the provider's servers shall answer."""
    acknowledged: list[tuple[float, str]] = field(default_factory=list)
    """When a signed answer had been received, and its message id."""
    refused: Counter[str] = field(default_factory=Counter)
    """How often each fault code came instead."""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _callers: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Load:
        self._callers = [threading.Thread(target=self._call_on, daemon=True) for _ in range(CALLERS)]
        for caller in self._callers:
            caller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        for caller in self._callers:
            caller.join()

    def _call_on(self) -> None:
        while not self._stopping.is_set():
            try:
                answer = self.officer.verify(self.claim, by=self.server)
            except (RestFault, UnreachableError) as fault:
                self.refused[getattr(fault, "code", "unreachable")] += 1
                time.sleep(0.05)
            else:
                self.acknowledged.append((time.monotonic(), answer.message_id))
