"""What the flows need of the world, and nothing more; compose.py gives them the real ones.

Errors cross these ports as :class:`~lienthong.exchange.errors.Fault` with a base code; the flow adds the prefix.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from lienthong.exchange.messagelog.record import LogRecord
from lienthong.exchange.transport.http import Headers, HttpClientResponse, Peer
from lienthong.trust.algorithms import Digest, DigestAlgorithm

Clock = Callable[[], datetime]
"""Aware UTC now."""
Uuids = Callable[[], str]
"""A fresh random UUID in text form."""
RandomBytes = Callable[[int], bytes]
"""That many unpredictable bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a server takes from its machine and could not know by itself."""

    clock: Clock
    uuids: Uuids
    random_bytes: RandomBytes


Outgoing = bytes | Callable[[], AsyncIterator[bytes]]
"""A body to send: bytes, or something that yields it from the start each time it is called."""
VerifyPeer = Callable[[Peer], Awaitable[None]]
"""Raises a Fault unless this peer may be given the message."""


class SpooledBody(Protocol):
    """A body on its way, hashed as it passed; in memory while small, encrypted on disk when not."""

    size_bytes: int

    async def write(self, data: bytes) -> None:
        """Append bytes."""
        ...

    async def finish(self) -> None:
        """No more bytes will come."""
        ...

    def digest(self, algorithm: DigestAlgorithm) -> Digest:
        """Digest of the whole, by one of the algorithms it was opened with."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The content from its start; may be called again."""
        ...

    async def read_small(self, limit: int) -> bytes:
        """The content of a body of at most *limit* bytes."""
        ...

    def close(self) -> None:
        """Forget the content; safe to repeat."""
        ...


class SpooledParts(Protocol):
    """Bodies on their way one after the other, in one place, however many they are."""

    async def write(self, data: bytes) -> None:
        """Append bytes to the body that is on its way."""
        ...

    async def cut(self) -> SpooledBody:
        """End it; what is written next belongs to the next one. It can be read once all are finished."""
        ...

    async def finish(self) -> None:
        """No more bodies will come."""
        ...

    def close(self) -> None:
        """Forget the content of all; safe to repeat."""
        ...


class Spool(Protocol):
    """Where bodies wait."""

    def open(self, *algorithms: DigestAlgorithm) -> SpooledBody:
        """A new body; gone when it is closed."""
        ...

    def open_parts(self, *algorithms: DigestAlgorithm) -> SpooledParts:
        """A place for many bodies, each with digests of its own; gone when it is closed."""
        ...


class MessageLog(Protocol):
    """The evidence of every message that passes."""

    async def append(self, record: LogRecord, body: SpooledBody | None) -> None:
        """Make a record durable; raises Fault ``logging_failed``. *body* is what the record keeps outside memory."""
        ...


class PeerTransport(Protocol):
    """Carries a message to the security server of the provider."""

    def exchange(
        self, addresses: Sequence[str], verify: VerifyPeer, headers: Headers, body: Outgoing
    ) -> AbstractAsyncContextManager[HttpClientResponse]:
        """Send to whichever address connects first and passes *verify*; the answer lives as long as the context.

        Raises:
            Fault: ``network_error``, ``io_error``, ``unknown_host``, or what *verify* raised.
        """
        ...


class ServiceCall(msgspec.Struct, frozen=True, kw_only=True):
    """A request to the information system behind a service."""

    method: str
    """HTTP method."""
    url: str
    """Absolute http(s) URL; path and query exactly as they go out."""
    headers: Headers
    """In the order of the signed block."""
    body: Outgoing
    """Empty where none is sent."""
    timeout: timedelta
    """Longest silence."""
    trusted_certificates: tuple[bytes, ...] | None
    """DER of the only certificates an https service may show; None accepts any."""


class ServiceTransport(Protocol):
    """Reaches the information system behind a service."""

    def call(self, call: ServiceCall) -> AbstractAsyncContextManager[HttpClientResponse]:
        """Send the request; the answer lives as long as the context.

        Raises:
            Fault: ``network_error``, ``io_error``, ``unknown_host``, ``ssl_authentication_failed``,
                ``service_malformed_url``.
        """
        ...
