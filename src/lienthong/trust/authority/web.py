"""The authority over HTTP: OCSP, TSA, CRL, health, and an RA that a shared secret guards.

Source: RFC 6960 App. A; RFC 3161 s.3.4; RFC 5280 s.4.2.1.13.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from lienthong.trust.authority.authority import Authority
from lienthong.trust.certificates import PROFILES
from lienthong.trust.errors import TrustError

AUTHORITY = web.AppKey("authority", Authority)
RA_TOKEN = web.AppKey("ra_token", bytes)
_BODY_MAX = 64 * 1024
_OCSP_RESPONSE = "application/ocsp-response"


def make_app(authority: Authority, *, ra_token: bytes | None = None) -> web.Application:
    """Build the application; without *ra_token* it certifies and revokes nothing over HTTP."""
    app = web.Application(client_max_size=_BODY_MAX)
    app[AUTHORITY] = authority
    app.add_routes(
        [
            web.post("/ocsp", _ocsp_post),
            web.get("/ocsp/{request:.+}", _ocsp_get),
            web.post("/tsa", _tsa),
            web.get("/crl/{name}.crl", _crl),
            web.get("/health", _health),
        ]
    )
    if ra_token:
        app[RA_TOKEN] = ra_token
        app.add_routes([web.post("/certificates", _guarded(_certify)), web.post("/revocations", _guarded(_revoke))])
    return app


async def _ocsp_post(request: web.Request) -> web.Response:
    return _ocsp_answer(request.app[AUTHORITY], await request.read())


async def _ocsp_get(request: web.Request) -> web.Response:
    """OCSP by GET: base64 of the request, percent-encoded, in the path. Source: RFC 6960 App. A.1."""
    try:
        asked = base64.b64decode(request.match_info["request"], validate=True)
    except binascii.Error:
        asked = b""
    response = _ocsp_answer(request.app[AUTHORITY], asked)
    fresh = int(request.app[AUTHORITY].settings.ocsp_refresh.total_seconds())
    response.headers["Cache-Control"] = f"max-age={fresh}, public, no-transform, must-revalidate"
    return response


def _ocsp_answer(authority: Authority, asked: bytes) -> web.Response:
    return web.Response(body=authority.answer_ocsp(asked), content_type=_OCSP_RESPONSE)


async def _tsa(request: web.Request) -> web.Response:
    reply = request.app[AUTHORITY].stamp(await request.read())
    return web.Response(body=reply, content_type="application/timestamp-reply")


async def _crl(request: web.Request) -> web.Response:
    try:
        body = request.app[AUTHORITY].crl(request.match_info["name"])
    except TrustError as exc:
        raise web.HTTPNotFound(text=str(exc)) from exc
    return web.Response(body=body, content_type="application/pkix-crl")


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok", "issuing_ca": request.app[AUTHORITY].issuing.subject})


_Handler = Callable[[Authority, dict[str, object]], dict[str, object]]


def _guarded(handler: _Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Let in whoever holds the RA's secret, and turn refusals into 400."""

    async def answer(request: web.Request) -> web.Response:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), request.app[RA_TOKEN]):
            return web.json_response({"error": "unauthorized"}, status=401, headers={"WWW-Authenticate": "Bearer"})
        try:
            asked = json.loads(await request.read())
            if not isinstance(asked, dict):
                raise ValueError("body is not a JSON object")
            return web.json_response(handler(request.app[AUTHORITY], asked))
        except (TrustError, ValueError, KeyError, TypeError) as exc:
            return web.json_response({"error": f"{type(exc).__name__}: {exc}"}, status=400)

    return answer


def _certify(authority: Authority, asked: dict[str, object]) -> dict[str, object]:
    """Certify: profile, request (PEM), and optionally subject ([[oid, text]…]), dns_names, validity_days."""
    unknown = set(asked) - {"profile", "request", "subject", "dns_names", "validity_days"}
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    profile = PROFILES.get(str(asked["profile"]))
    if profile is None:
        raise ValueError(f"unknown profile: use one of {', '.join(PROFILES)}")
    days = asked.get("validity_days")
    certificate = authority.issue_certificate(
        profile,
        str(asked["request"]).encode(),
        subject=_pairs(asked.get("subject")),
        dns_names=_texts(asked.get("dns_names")),
        validity=None if days is None else timedelta(days=int(str(days))),
    )
    return {"certificate": certificate.pem.decode(), "chain": [authority.issuing.pem.decode()]}


def _revoke(authority: Authority, asked: dict[str, object]) -> dict[str, object]:
    """Revoke: serial (hexadecimal) and reason (RFC 5280 name)."""
    serial = int(str(asked["serial"]), 16)
    authority.revoke(serial, reason=str(asked.get("reason", "unspecified")))
    return {"serial": f"{serial:x}", "status": "revoked"}


def _pairs(value: object) -> list[tuple[str, str]] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ValueError("subject is not a list of [oid, text]")
    return [(str(oid), str(text)) for oid, text in value]


def _texts(value: object) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise ValueError("dns_names is not a list")
    return [str(item) for item in value]
