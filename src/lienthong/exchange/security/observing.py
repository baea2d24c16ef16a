"""What a worker counts and tells about messages: names of services and organisations, never of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.security.shown_names import shown_client, shown_code, shown_service


@dataclass(slots=True)
class Observer:
    """Counters of one worker, and where its failures are told."""

    tell: Callable[[Failure], None]
    counters: Counter[str] = field(default_factory=Counter)

    def exchanged(self, side: str) -> None:
        """One exchange went well."""
        self.counters[f"{side}_exchanges"] += 1

    def refused(
        self, side: str, fault: Fault, at: datetime, *, client: str | ClientId = "", service: str | ServiceId = ""
    ) -> None:
        """One message was refused; who called what, as far as it was understood."""
        self.counters[f"{side}_failures"] += 1
        code = shown_code(fault.code)
        self.counters[f"fault:{code}"] += 1
        self.tell(
            Failure(
                at=at,
                side=side,
                fault_code=code,
                client=shown_client(client),
                service=shown_service(service),
                detail=fault.detail,
            )
        )
