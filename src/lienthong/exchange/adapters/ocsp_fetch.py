"""OCSP over the network: asking a responder, asking a peer security server, answering peers on port 5577.

These are rare, small exchanges with servers of every kind, so they go through aiohttp (docs/adr/0007).

Source: RFC 6960 A.1; message-path dossier s.3.10.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl

import aiohttp

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.http_messages import HttpResponse
from lienthong.exchange.adapters.ocsp_fetch_post import connect_timeouts, post_der, read_reply
from lienthong.trust.algorithms import Digest, DigestAlgorithm

RESPONSE_TYPE = "application/ocsp-response"
_REQUEST_TYPE = "application/ocsp-request"
_PARAMETERS = {"cert_hash": DigestAlgorithm.SHA256, "cert": DigestAlgorithm.SHA1}
_BOUNDARY = re.compile(r'boundary="?([^";\s]+)"?', re.IGNORECASE)
_PART = re.compile(rb"\r?\n((?:[^\r\n]+\r?\n)*)\r?\n(.*)", re.DOTALL)


async def fetch_ocsp(url: str, request_der: bytes, *, connect_s: float = 20.0, read_s: float = 60.0) -> bytes:
    """POST an OCSP request to a responder; the response (DER), unjudged. Raises FetchError. Source: RFC 6960 A.1."""
    return await post_der(
        url, request_der, content_type=_REQUEST_TYPE, timeouts=connect_timeouts(connect_s, read_s), accept=RESPONSE_TYPE
    )


async def fetch_peer_responses(
    host: str, port: int, certs_der: Sequence[bytes], *, connect_s: float = 20.0, read_s: float = 30.0
) -> list[bytes]:
    """Ask a security server for OCSP responses on certificates it showed in TLS: one each, in order, unjudged.

    Raises FetchError, also when the number of answers is not the number of certificates. Source: message-path s.3.10.
    """
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{port}/?{ocsp_query(certs_der)}"
    try:
        async with (
            aiohttp.ClientSession(timeout=connect_timeouts(connect_s, read_s)) as session,
            session.get(url, headers={"Accept": "multipart/related"}, allow_redirects=False) as reply,
        ):
            body = await read_reply(reply, url)
            content_type = reply.headers.get("Content-Type", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise FetchError(f"no OCSP responses from {host}:{port}: {str(error) or type(error).__name__}") from error
    parts = split_related(content_type, body)
    if len(parts) != len(certs_der):
        raise FetchError(f"{host}:{port} gave {len(parts)} OCSP responses for {len(certs_der)} certificates")
    return parts


def ocsp_query(certs_der: Sequence[bytes]) -> str:
    """Both parameter families: peers before 7.4 read ``cert`` alone. Source: message-path s.3.10."""
    old = [f"cert={hashlib.sha1(der, usedforsecurity=False).hexdigest()}" for der in certs_der]
    new = [f"cert_hash={hashlib.sha256(der).hexdigest()}" for der in certs_der]
    return "&".join(old + new)


def split_related(content_type: str, body: bytes) -> list[bytes]:
    """The contents of a multipart/related body, in order. Raises FetchError. Source: RFC 2387; RFC 2046 s.5.1.1."""
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/related") or found is None:
        raise FetchError(f"not multipart/related: {content_type[:100]!r}")
    _preamble, *rest = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())
    if not rest or not rest[-1].startswith(b"--"):
        raise FetchError("multipart body has no end")
    parts = []
    for section in rest[:-1]:
        part = _PART.fullmatch(section)
        if part is None:
            raise FetchError("multipart body has a broken part")
        parts.append(part[2])
    return parts


def ocsp_answer(query: bytes, lookup: Callable[[Digest], bytes | None], *, method: str = "GET") -> HttpResponse:
    """Our answer on port 5577, for ``http_server``.

    Args:
        query: raw query of the request; ``cert_hash`` (SHA-256) counts when present, else ``cert`` (SHA-1).
        lookup: the OCSP response (DER) held for a certificate with this digest, or None.
    Returns:
        200 with one part for each certificate in request order; 500 with a text when any is missing; 200 without
        body for HEAD, the heartbeat of load balancers.
    Source: message-path s.3.10.
    """
    if method == "HEAD":
        return HttpResponse(status=200)
    if method != "GET":
        return HttpResponse(status=405)
    wanted = _requested(query)
    answers = [lookup(digest) for digest in wanted]
    found = [answer for answer in answers if answer is not None]
    if not wanted or len(found) != len(wanted):
        text = b"No OCSP response for every requested certificate"
        return HttpResponse(status=500, headers=((b"Content-Type", b"text/plain"),), body=text)
    return _related(found)


def _requested(query: bytes) -> list[Digest]:
    pairs = parse_qsl(query.decode("ascii", "replace"), max_num_fields=1000) if query.count(b"&") < 1000 else []
    for name, algorithm in _PARAMETERS.items():
        values = [value for key, value in pairs if key == name]
        if values:
            return [Digest(algorithm, _from_hex(value)) for value in values]
    return []


def _from_hex(value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        return b""  # no certificate has this digest, so the answer is the one for an unknown certificate


def _related(parts: Sequence[bytes]) -> HttpResponse:
    boundary = b"lienthong" + hashlib.sha256(b"".join(parts)).hexdigest()[:24].encode()
    body = b"".join(
        b"--%b\r\nContent-Type: %b\r\n\r\n%b\r\n" % (boundary, RESPONSE_TYPE.encode(), part) for part in parts
    )
    content_type = b'multipart/related; type="%b"; charset=UTF-8; boundary=%b' % (RESPONSE_TYPE.encode(), boundary)
    return HttpResponse(status=200, headers=((b"Content-Type", content_type),), body=b"%b--%b--\r\n" % (body, boundary))
