"""Calls services from asynchronous code, over aiohttp, keeping connections to the security server open."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar, Unpack

import aiohttp
from yarl import URL

from lienthong.exchange.connector.answers import Answer, CallFault, UnreachableError, find_header, read_fault, take
from lienthong.exchange.connector.envelopes import Payload
from lienthong.exchange.connector.requests import (
    BODY_LIMIT,
    FAULT_LIMIT,
    PAUSE,
    TIMEOUT,
    Body,
    Call,
    CallOptions,
    Consumer,
    build_call,
    choose_message_id,
)
from lienthong.exchange.connector.soap import SoapAnswer, SoapOptions, build_soap_call, read_soap_answer
from lienthong.exchange.identifiers import ClientId, ServiceId

_CHUNK = 64 * 1024
_OWN_HEADERS = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
"""What aiohttp would add and the exchange would sign."""
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsyncStreamedAnswer:
    """An answer whose body is read piece by piece, once, while it is open."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Every header, in order."""
    message_id: str
    """``X-Road-Id`` of the call."""
    chunks: AsyncIterator[bytes]
    """The body; raises UnreachableError where it breaks off."""


@dataclass(frozen=True, slots=True)
class _Opened:
    response: aiohttp.ClientResponse
    answer: AsyncStreamedAnswer


class AsyncConnector:
    """Calls services as one client through one security server; an asynchronous context manager."""

    def __init__(
        self,
        base_url: str,
        client: ClientId | str,
        *,
        tls: ssl.SSLContext | None = None,
        timeout: timedelta = TIMEOUT,
        pause: timedelta = PAUSE,
        body_limit: int = BODY_LIMIT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._consumer = Consumer.create(base_url, client, timeout=timeout, pause=pause, body_limit=body_limit)
        self._tls = tls
        self._sleep = sleep
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = _create_session(self._consumer, self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, service: ServiceId | str, method: str = "GET", path: str = "", **options: Unpack[CallOptions]
    ) -> Answer:
        """Call *service* (an id or ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE``) and read the whole answer.

        Raises:
            RestFault: the exchange refused.
            UnreachableError: the security server could not be reached or broke off.
            AnswerTooLargeError: the answer passes ``body_limit``; use :meth:`stream`.
        """
        return await self._repeat(build_call(service, method, path, options), self._read)

    @asynccontextmanager
    async def stream(
        self, service: ServiceId | str, method: str = "GET", path: str = "", **options: Unpack[CallOptions]
    ) -> AsyncIterator[AsyncStreamedAnswer]:
        """Call *service* and hand out its answer piece by piece; raises as :meth:`call` does, without a limit."""
        opened = await self._repeat(build_call(service, method, path, options), self._open)
        try:
            yield opened.answer
        finally:
            opened.response.close()

    async def call_soap(self, service: ServiceId | str, payload: Payload, **options: Unpack[SoapOptions]) -> SoapAnswer:
        """Call a SOAP *service* (an id or ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE[/VERSION]``) and read its answer.

        *payload* is the one element of the request's body; its name starts with the service's code.

        Raises:
            SoapFault: the exchange or the service refused.
            UnreachableError: the security server could not be reached, broke off, or gave no SOAP.
            AnswerTooLargeError: the answer passes ``body_limit``.
        """
        call = build_soap_call(self._consumer.client, service, payload, options)
        return await self._repeat(call, self._read_soap)

    async def _repeat(self, call: Call, once: Callable[[Call, str], Awaitable[_Result]]) -> _Result:
        message_id = choose_message_id(call, self._consumer.client)
        for attempt in range(1, call.attempts):
            try:
                return await once(call, message_id)
            except UnreachableError:
                pass
            except CallFault as fault:
                if not fault.is_retryable:
                    raise
            await self._sleep(self._consumer.pause_before(attempt))
        return await once(call, message_id)

    async def _read(self, call: Call, message_id: str) -> Answer:
        opened = await self._open(call, message_id)
        async with opened.response:
            answer = opened.answer
            body = await _gather(answer.chunks, limit=self._consumer.body_limit)
            return Answer(status=answer.status, headers=answer.headers, body=body, message_id=message_id)

    async def _read_soap(self, call: Call, message_id: str) -> SoapAnswer:
        return read_soap_answer(await self._read(call, message_id), call)

    async def _open(self, call: Call, message_id: str) -> _Opened:
        response = await self._request(call, message_id)
        received = tuple(response.headers.items())
        chunks = _chunks(response, message_id)
        code = find_header(received, "X-Road-Error")
        if code:
            async with response:
                body = await _gather(chunks, limit=FAULT_LIMIT)
            raise read_fault(code, body, status=response.status, message_id=message_id)
        answer = AsyncStreamedAnswer(status=response.status, headers=received, message_id=message_id, chunks=chunks)
        return _Opened(response, answer)

    async def _request(self, call: Call, message_id: str) -> aiohttp.ClientResponse:
        if self._session is None:
            raise RuntimeError("an AsyncConnector calls inside 'async with' only")
        headers = call.header_list(self._consumer.client, message_id)
        url = URL(self._consumer.base_url + call.target(), encoded=True)
        body = _payload(call.body)
        try:
            return await self._session.request(call.method, url, headers=headers, data=body, allow_redirects=False)
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise _unreachable(exc, message_id) from exc


def _create_session(consumer: Consumer, tls: ssl.SSLContext | None) -> aiohttp.ClientSession:
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=tls or True),
        timeout=aiohttp.ClientTimeout(
            total=None, sock_connect=consumer.timeout.total_seconds(), sock_read=consumer.timeout.total_seconds()
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=_OWN_HEADERS,
    )
    # aiohttp silently repeats PUT and DELETE where a kept connection was closed; only what a caller calls idempotent
    # may be repeated here. A test holds this against upgrades.
    session._retry_connection = False
    return session


def _payload(body: Body | None) -> object:
    """An iterable becomes an asynchronous one, which aiohttp sends in chunks."""
    if body is None or isinstance(body, bytes):
        return body or None
    return _asynchronous(body) if isinstance(body, Iterable) else body


async def _asynchronous(body: Iterable[bytes]) -> AsyncIterator[bytes]:
    for chunk in body:
        yield chunk


async def _chunks(response: aiohttp.ClientResponse, message_id: str) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(_CHUNK):
            yield chunk
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise _unreachable(exc, message_id) from exc


async def _gather(chunks: AsyncIterator[bytes], *, limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        take(body, chunk, limit=limit)
    return bytes(body)


def _unreachable(exc: Exception, message_id: str) -> UnreachableError:
    cause = str(exc) or type(exc).__name__
    return UnreachableError(f"the security server gave no answer: {cause}", message_id=message_id)
