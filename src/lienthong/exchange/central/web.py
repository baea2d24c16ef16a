"""The HTTP face of a central server: directories by version, parts, health. Source: governance s.0, s.1.5."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from lienthong.exchange.central.publication import PublicFolder
from lienthong.exchange.central.registry import Registry
from lienthong.exchange.central.status_page import central_page
from lienthong.exchange.globalconf.registry import CODECS
from lienthong.exchange.pages import choose_language, page_headers, render_page

_DEFAULT_VERSION = 2
_VERSION = re.compile(r"[0-9]{1,4}")
_OCTETS = "application/octet-stream"


def make_application(
    public: PublicFolder, *, clock: Callable[[], datetime], registry: Callable[[], Registry] | None = None
) -> web.Application:
    """Serve a public folder read-only, and with a *registry* a page for people; everything else is 404."""
    application = web.Application(client_max_size=1024)

    async def serve_document(request: web.Request) -> web.Response:
        version = _version_of(request)
        name = request.path.removeprefix("/")
        data = None if version is None else await asyncio.to_thread(public.document, version, name)
        return _answer(data, _OCTETS)

    async def serve_part(request: web.Request) -> web.Response:
        wanted = request.match_info
        data = await asyncio.to_thread(public.part, int(wanted["version"]), wanted["stamp"], wanted["name"])
        return _answer(data, "application/xml")

    async def serve_health(_: web.Request) -> web.Response:
        status = await asyncio.to_thread(public.status)
        is_fresh = status.expires is not None and clock() < status.expires
        body = {
            "status": "ok" if status.success and is_fresh else "failing",
            "published_at": None if status.at is None else status.at.isoformat(),
            "message": status.message,
        }
        return web.json_response(body, status=200 if body["status"] == "ok" else 503)

    async def serve_page(request: web.Request) -> web.Response:
        assert registry is not None
        known, status = await asyncio.to_thread(registry), await asyncio.to_thread(public.status)
        language = choose_language(request.query_string, request.headers.get("Accept-Language", ""))
        page = central_page(known, status, now=clock(), language=language)
        return web.Response(body=render_page(page), headers=page_headers())

    if registry is not None:
        application.router.add_get("/", serve_page)
    for kind in ("internal", "external"):
        application.router.add_get(f"/{kind}conf", serve_document)
    application.router.add_get(r"/V{version:\d+}/{stamp:\d{23}}/{name:[a-z]+-params\.xml}", serve_part)
    application.router.add_get("/health", serve_health)
    return application


def _version_of(request: web.Request) -> int | None:
    written = request.query.get("version", "")
    if not written:
        return _DEFAULT_VERSION
    if not _VERSION.fullmatch(written) or int(written) not in CODECS:
        return None
    return int(written)


def _answer(data: bytes | None, content_type: str) -> web.Response:
    if data is None:
        return web.Response(status=404, text="không có tệp này\n")
    return web.Response(body=data, content_type=content_type, headers={"Cache-Control": "no-store"})
