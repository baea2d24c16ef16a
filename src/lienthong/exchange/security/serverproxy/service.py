"""Calling the information system behind a service, and taking its answer whole. Source: message-path dossier s.2.8."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

import msgspec

from lienthong.exchange.errors import ExchangeError, Fault
from lienthong.exchange.message.rest import BODY_METHODS, RestRequest
from lienthong.exchange.security.bodies import SMALL_BODY
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.ports import Outgoing, ServiceCall, SpooledBody
from lienthong.exchange.security.records import RequestT
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.serverconf.settings import Service
from lienthong.exchange.transport.http import Headers, HttpClientResponse

_INFLATED = {b"gzip": 47, b"x-gzip": 47, b"deflate": 47}
"""Content codings that are undone before signing, and zlib's window bits that tell gzip from zlib themselves."""
CODINGS = (b"Accept-Encoding", b"gzip,deflate")
"""Asked for where the caller asks for none."""
_DROPPED_WITH_CODING = frozenset({b"content-encoding", b"content-length", b"content-md5"})


class ServiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a service answered."""

    status: int
    reason: bytes
    headers: Headers
    """As received, hop-by-hop ones included."""
    body: SpooledBody | None
    """None where the answer has no entity (204, 304, HEAD)."""


async def call_service(means: Facilities, call: ProviderCall[RestRequest], service: Service) -> ServiceAnswer:
    """Pass the request on and take the answer.

    Raises:
        Fault: ``network_error``, ``unknown_host``, ``io_error``, ``service_missing_url``, ``service_malformed_url``,
            ``ssl_authentication_failed``.
    """
    if not service.url:
        raise Fault("service_missing_url", f"Service {call.request.service} has no URL")
    settings = call.snapshot.settings
    body = await _forwarded_body(call)
    asked = ServiceCall(
        method=call.request.method,
        url=service_url(service.url, call.request),
        headers=_forwarded_headers(call, body),
        body=body,
        timeout=service.timeout or settings.limits.service_timeout,
        trusted_certificates=trusted_certificates(call, service),
    )
    async with means.services.call(asked) as reply:
        try:
            return await _take(means, call, reply)
        except Fault:
            raise
        except ExchangeError as exc:
            raise Fault("io_error", f"The service's answer was cut short: {exc}") from exc


def service_url(base: str, request: RestRequest) -> str:
    """The service's URL, the service path with one ``/`` between, and the query, all undecoded."""
    path = request.service_path.decode("latin-1")
    joined = base[:-1] + path if base.endswith("/") and path.startswith("/") else base + path
    return joined if request.query is None else f"{joined}?{request.query.decode('latin-1')}"


def trusted_certificates(call: ProviderCall[RequestT], service: Service) -> tuple[bytes, ...] | None:
    """The only certificates an https service may show; None where any will do, or none is shown."""
    if not service.tls_verify or not service.url.startswith("https:"):
        return None
    return tuple(call.snapshot.system_certificates.get(call.request.service.client, ()))


async def _forwarded_body(call: ProviderCall[RestRequest]) -> Outgoing:
    """Bodies go on with POST, PUT and PATCH only. Source: message-path s.2.8."""
    if call.received.body is None or call.request.method not in BODY_METHODS:
        return b""
    if call.received.body.size_bytes <= SMALL_BODY:
        return await call.received.body.read_small(SMALL_BODY)
    return call.received.body.chunks


def _forwarded_headers(call: ProviderCall[RestRequest], body: Outgoing) -> Headers:
    headers = list(call.request.headers)
    if not any(name.lower() == b"accept-encoding" for name, _ in headers):
        headers.append(CODINGS)
    if call.request.method in BODY_METHODS:
        size = (
            len(body) if isinstance(body, bytes) else 0 if call.received.body is None else call.received.body.size_bytes
        )
        headers.append((b"Content-Length", b"%d" % size))
    return headers


async def _take(means: Facilities, call: ProviderCall[RestRequest], reply: HttpClientResponse) -> ServiceAnswer:
    if not reply.body.entity:
        return ServiceAnswer(status=reply.status, reason=reply.reason, headers=reply.headers, body=None)
    limit = call.snapshot.settings.limits.body_bytes
    chunks, headers = decoded(reply)
    content = reply.body.take_whole(min(limit, SMALL_BODY)) if headers is reply.headers else None
    if content is not None:
        body = await call.bodies.take(content)
        return ServiceAnswer(status=reply.status, reason=reply.reason, headers=headers, body=body)
    body = call.bodies.open()
    async for data in chunks:
        if body.size_bytes + len(data) > limit:
            raise Fault("io_error", f"The service's answer is longer than {limit} bytes (limits.body_bytes)")
        await body.write(data)
    await body.finish()
    return ServiceAnswer(status=reply.status, reason=reply.reason, headers=headers, body=body)


def decoded(reply: HttpClientResponse) -> tuple[AsyncIterator[bytes], Headers]:
    """The content of an answer without its coding, and the headers that fit it then. Source: message-path s.2.8."""
    coding = (reply.header(b"content-encoding") or b"").strip().lower()
    chunks: AsyncIterator[bytes] = aiter(reply.body)
    if coding not in _INFLATED:
        return chunks, reply.headers
    kept = [(name, value) for name, value in reply.headers if name.lower() not in _DROPPED_WITH_CODING]
    return _inflate(chunks, _INFLATED[coding]), kept


async def _inflate(chunks: AsyncIterator[bytes], window_bits: int) -> AsyncIterator[bytes]:
    """Undo gzip or zlib, a bounded piece at a time."""
    inflater = zlib.decompressobj(window_bits)
    try:
        async for data in chunks:
            yield inflater.decompress(data, SMALL_BODY)
            while inflater.unconsumed_tail:
                yield inflater.decompress(inflater.unconsumed_tail, SMALL_BODY)
    except zlib.error as exc:
        raise Fault("io_error", f"The service's answer is not in the encoding it names: {exc}") from exc
    if not inflater.eof:
        raise Fault("io_error", "The service's compressed answer ends too early")
