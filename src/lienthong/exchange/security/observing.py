"""What a worker counts and tells about messages: names of services and organisations, never of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.channel import Failure
from lienthong.exchange.transport.http import HttpRequest

MAY_QUOTE = frozenset({"internal_error", "invalid_request", "invalid_message", "mime_parsing_failed", "invalid_xml"})
"""Last words of fault codes whose texts may quote what a caller sent: told to the caller, kept out of our logs."""


@dataclass(slots=True)
class Observer:
    """Counters of one worker, and where its failures are told."""

    tell: Callable[[Failure], None]
    counters: Counter[str] = field(default_factory=Counter)

    def exchanged(self, side: str) -> None:
        """One exchange went well."""
        self.counters[f"{side}_exchanges"] += 1

    def refused(self, side: str, fault: Fault, request: HttpRequest, at: datetime) -> None:
        """One message was refused."""
        self.counters[f"{side}_failures"] += 1
        self.counters[f"fault:{fault.code}"] += 1
        client = request.header(b"x-road-client") or b""
        service = b"/".join(request.raw_path.split(b"/")[2:7]) if request.raw_path.startswith(b"/r1/") else b""
        self.tell(
            Failure(
                at=at,
                side=side,
                fault_code=fault.code,
                message="" if fault.code.rpartition(".")[2] in MAY_QUOTE else fault.message,
                client=client.decode("latin-1"),
                service=service.decode("latin-1"),
                detail=fault.detail,
            )
        )
