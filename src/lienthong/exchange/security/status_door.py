"""What operators see without asking: health for machines, figures for a monitoring system."""

from __future__ import annotations

import json
from collections.abc import Callable

from lienthong.exchange.security.control import Control
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse


def status_door(current: Callable[[], Control | None]) -> Handler:
    """Answers ``/health`` and ``/metrics``; everything else is 404."""

    async def handle(request: HttpRequest) -> HttpResponse:
        if request.raw_path == b"/health":
            return _health(current())
        return HttpResponse(status=404, body=b"")

    return handle


def _health(control: Control | None) -> HttpResponse:
    workers = 0 if control is None else len(control.workers)
    problems = {} if control is None else {c.name: c.problem for c in control.cycles.values() if c.problem}
    is_good = workers > 0 and not problems
    body = json.dumps({"healthy": is_good, "workers": workers, "problems": problems}, ensure_ascii=False).encode()
    return HttpResponse(status=200 if is_good else 503, headers=((b"Content-Type", b"application/json"),), body=body)
