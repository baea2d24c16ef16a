"""Calls services from synchronous code, over the standard library's HTTP client; safe to share between threads.

Connections stay open between calls. A call over a kept one that the server ended at that very moment fails like any
other: it is sent again only where it may be.
"""

from __future__ import annotations

import http.client
import ssl
import time
import weakref
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar, Unpack
from urllib.parse import urlsplit

from lienthong.exchange.connector.answers import Answer, CallFault, UnreachableError, find_header, gather, read_fault
from lienthong.exchange.connector.connections import KeptConnections
from lienthong.exchange.connector.envelopes import Payload
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
from lienthong.exchange.connector.soap import SoapAnswer, SoapOptions, build_soap_call, read_soap_answer
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
    response: http.client.HTTPResponse
    answer: StreamedAnswer


class Connector:
    """Calls services as one client through one security server; a context manager that closes what it keeps open."""

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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._consumer = Consumer.create(base_url, client, timeout=timeout, pause=pause, body_limit=body_limit)
        self._connections = KeptConnections(self._consumer.base_url, tls=tls, timeout=timeout, clock=clock)
        self._sleep = sleep
        weakref.finalize(self, self._connections.close)  # for a caller who forgets to close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; the connector may be used again."""
        self._connections.close()

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
            self._connections.give_back(opened.connection, opened.response)

    def call_soap(self, service: ServiceId | str, payload: Payload, **options: Unpack[SoapOptions]) -> SoapAnswer:
        """Call a SOAP *service* (an id or ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE[/VERSION]``) and read its answer.

        *payload* is the one element of the request's body; its name starts with the service's code.

        Raises:
            SoapFault: the exchange or the service refused.
            UnreachableError: the security server could not be reached, broke off, or gave no SOAP.
            AnswerTooLargeError: the answer passes ``body_limit``.
        """
        call = build_soap_call(self._consumer.client, service, payload, options)
        return self._repeat(call, self._read_soap)

    def _repeat(self, call: Call, once: Callable[[Call, str], _Result]) -> _Result:
        message_id = choose_message_id(call, self._consumer.client)
        for attempt in range(1, call.attempts):
            try:
                return once(call, message_id)
            except UnreachableError:
                pass
            except CallFault as fault:
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
            self._connections.give_back(opened.connection, opened.response)

    def _read_soap(self, call: Call, message_id: str) -> SoapAnswer:
        return read_soap_answer(self._read(call, message_id), call)

    def _open(self, call: Call, message_id: str) -> _Opened:
        connection = self._connections.take()
        response: http.client.HTTPResponse | None = None
        try:
            response = self._send(connection, call, message_id)
            return _Opened(connection, response, _answer(response, message_id))
        except BaseException:
            self._connections.give_back(connection, response)
            raise

    def _send(self, connection: http.client.HTTPConnection, call: Call, message_id: str) -> http.client.HTTPResponse:
        headers = call.header_list(self._consumer.client, message_id)
        target = urlsplit(self._consumer.base_url).path + call.target()
        try:
            _send(connection, call, target, headers)
            return connection.getresponse()
        except (OSError, http.client.HTTPException) as exc:
            raise _unreachable(exc, message_id) from exc


def _answer(response: http.client.HTTPResponse, message_id: str) -> StreamedAnswer:
    """The answer whose head has come; raises the refusal that it is, read to its end."""
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
