"""The status port: ``/`` for people, ``/health`` and ``/metrics`` for machines. All are read-only."""

from __future__ import annotations

import json
from collections.abc import Callable

from lienthong.exchange.pages import choose_language, page_headers, render_page
from lienthong.exchange.security.ports import Clock
from lienthong.exchange.security.status.facts import ServerFacts
from lienthong.exchange.security.status.health import judge_health
from lienthong.exchange.security.status.metrics import CONTENT_TYPE, render_metrics
from lienthong.exchange.security.status.page import status_page
from lienthong.exchange.security.status.watch import Watch, Watched
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse


def status_door(process: Watched, *, clock: Clock) -> Handler:
    """Answers GET and HEAD of ``/``, ``/health`` and ``/metrics``; everything else is 404 or 405."""
    watch = Watch(process)
    answers: dict[bytes, Callable[[ServerFacts, HttpRequest], HttpResponse]] = {
        b"/": _page,
        b"/health": _health,
        b"/metrics": _metrics,
    }

    async def handle(request: HttpRequest) -> HttpResponse:
        answer = answers.get(request.raw_path)
        if answer is None:
            return HttpResponse(status=404, body=b"")
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers=((b"Allow", b"GET, HEAD"),), body=b"")
        return answer(await watch.facts(clock()), request)

    return handle


def _page(facts: ServerFacts, request: HttpRequest) -> HttpResponse:
    accept = (request.header(b"accept-language") or b"").decode("latin-1")
    language = choose_language(request.raw_query.decode("latin-1"), accept)
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in page_headers().items()]
    return HttpResponse(status=200, headers=headers, body=render_page(status_page(facts, language)))


def _health(facts: ServerFacts, _: HttpRequest) -> HttpResponse:
    ailments = judge_health(facts)
    told = {
        "healthy": not ailments,
        "server": "/".join(facts.server.parts),
        "workers": facts.workers,
        "reasons": [{"reason": a.reason.value, "subject": a.subject, "detail": a.detail} for a in ailments],
    }
    headers = ((b"Content-Type", b"application/json"), (b"Cache-Control", b"no-store"))
    body = json.dumps(told, ensure_ascii=False).encode()
    return HttpResponse(status=503 if ailments else 200, headers=headers, body=body)


def _metrics(facts: ServerFacts, _: HttpRequest) -> HttpResponse:
    headers = ((b"Content-Type", CONTENT_TYPE.encode("ascii")), (b"Cache-Control", b"no-store"))
    return HttpResponse(status=200, headers=headers, body=render_metrics(facts))
