"""Calls services from synchronous code, over the standard library's HTTP client; safe to share between threads."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, Unpack
from urllib.parse import urlsplit

from lienthong.exchange.connector.answers import Answer, RestFault, UnreachableError, find_header, gather, read_fault
from lienthong.exchange.connector.requests import (
    BODY_LIMIT,
    FAULT_LIMIT,
    PAUSE,
    TIMEOUT,
    Call,
    CallOptions,
    Consumer,
    build_call,
    choose_message_id,
)
from lienthong.exchange.identifiers import ClientId, ServiceId

_CHUNK = 64 * 1024
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedAnswer:
    """An answer whose body is read piece by piece, once, while it is open."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Every header, in order."""
    message_id: str
    """``X-Road-Id`` of the call."""
    chunks: Iterator[bytes]
    """The body; raises UnreachableError where it breaks off."""


@dataclass(frozen=True, slots=True)
class _Opened:
    connection: http.client.HTTPConnection
    answer: StreamedAnswer


class Connector:
    """Calls services as one client through one security server."""

    def __init__(
        self,
        base_url: str,
        client: ClientId | str,
        *,
        tls: ssl.SSLContext | None = None,
        timeout: timedelta = TIMEOUT,
        pause: timedelta = PAUSE,
        body_limit: int = BODY_LIMIT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._consumer = Consumer.create(base_url, client, timeout=timeout, pause=pause, body_limit=body_limit)
        self._tls = tls
        self._sleep = sleep

    def call(
        self, service: ServiceId | str, method: str = "GET", path: str = "", **options: Unpack[CallOptions]
    ) -> Answer:
        """Call *service* (an id or ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE``) and read the whole answer.

        Raises:
            RestFault: the exchange refused.
            UnreachableError: the security server could not be reached or broke off.
            AnswerTooLargeError: the answer passes ``body_limit``; use :meth:`stream`.
        """
        return self._repeat(build_call(service, method, path, options), self._read)

    @contextmanager
    def stream(
        self, service: ServiceId | str, method: str = "GET", path: str = "", **options: Unpack[CallOptions]
    ) -> Iterator[StreamedAnswer]:
        """Call *service* and hand out its answer piece by piece; raises as :meth:`call` does, without a limit."""
        opened = self._repeat(build_call(service, method, path, options), self._open)
        try:
            yield opened.answer
        finally:
            opened.connection.close()

    def _repeat(self, call: Call, once: Callable[[Call, str], _Result]) -> _Result:
        message_id = choose_message_id(call, self._consumer.client)
        for attempt in range(1, call.attempts):
            try:
                return once(call, message_id)
            except UnreachableError:
                pass
            except RestFault as fault:
                if not fault.is_retryable:
                    raise
            self._sleep(self._consumer.pause_before(attempt))
        return once(call, message_id)

    def _read(self, call: Call, message_id: str) -> Answer:
        opened = self._open(call, message_id)
        try:
            answer = opened.answer
            body = gather(answer.chunks, limit=self._consumer.body_limit)
            return Answer(status=answer.status, headers=answer.headers, body=body, message_id=message_id)
        finally:
            opened.connection.close()

    def _open(self, call: Call, message_id: str) -> _Opened:
        connection = self._connect()
        try:
            return _Opened(connection, self._exchange(connection, call, message_id))
        except BaseException:
            connection.close()
            raise

    def _connect(self) -> http.client.HTTPConnection:
        url = urlsplit(self._consumer.base_url)
        seconds = self._consumer.timeout.total_seconds()
        if url.scheme == "https":
            context = self._tls or ssl.create_default_context()
            return http.client.HTTPSConnection(url.netloc, timeout=seconds, context=context)
        return http.client.HTTPConnection(url.netloc, timeout=seconds)

    def _exchange(self, connection: http.client.HTTPConnection, call: Call, message_id: str) -> StreamedAnswer:
        headers = call.header_list(self._consumer.client, message_id)
        target = urlsplit(self._consumer.base_url).path + call.target()
        try:
            _send(connection, call, target, headers)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as exc:
            raise _unreachable(exc, message_id) from exc
        received = tuple((name, _as_utf8(value)) for name, value in response.getheaders())
        chunks = _chunks(response, message_id)
        code = find_header(received, "X-Road-Error")
        if code:
            body = gather(chunks, limit=FAULT_LIMIT)
            raise read_fault(code, body, status=response.status, message_id=message_id)
        return StreamedAnswer(status=response.status, headers=received, message_id=message_id, chunks=chunks)


def _send(connection: http.client.HTTPConnection, call: Call, target: str, headers: list[tuple[str, str]]) -> None:
    if isinstance(call.body, AsyncIterable):
        raise TypeError("an asynchronous body needs the AsyncConnector")
    connection.putrequest(call.method, target, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value.encode())
    if not isinstance(call.body, bytes):
        connection.putheader("Transfer-Encoding", "chunked")
        connection.endheaders(call.body, encode_chunked=True)
        return
    if call.body or call.method in {"POST", "PUT", "PATCH"}:
        connection.putheader("Content-Length", str(len(call.body)))
    connection.endheaders(call.body or None)


def _chunks(response: http.client.HTTPResponse, message_id: str) -> Iterator[bytes]:
    try:
        while chunk := response.read(_CHUNK):
            yield chunk
        if response.length:  # the standard library says nothing where a body ends early
            raise http.client.IncompleteRead(b"", response.length)
    except (OSError, http.client.HTTPException) as exc:
        raise _unreachable(exc, message_id) from exc


def _as_utf8(value: str) -> str:
    return value.encode("latin-1").decode("utf-8", errors="replace")


def _unreachable(exc: Exception, message_id: str) -> UnreachableError:
    cause = str(exc) or type(exc).__name__
    return UnreachableError(f"the security server gave no answer: {cause}", message_id=message_id)
