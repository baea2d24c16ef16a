"""What the processes of one security server say to each other, and what an operator may order: JSON, one line each.

The control process listens on a Unix socket in the data folder, which only the server's own user can open. Workers
stay connected; commands connect, order and read the outcome.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import msgspec

from lienthong.exchange.errors import ExchangeError

MAX_LINE = 1024 * 1024


class ChannelError(ExchangeError):
    """The control process is not there, or does not speak as it should."""


class Reload(msgspec.Struct, frozen=True, tag="reload"):
    """Control to worker: what is on disk has changed; read it again."""


class TimestampNotice(msgspec.Struct, frozen=True, kw_only=True, tag="timestamps"):
    """Control to worker: how timestamping stands."""

    last_success: datetime | None
    failing_since: datetime | None
    has_tsa: bool


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """Worker to control: here I am."""

    worker: int


class Ready(msgspec.Struct, frozen=True, kw_only=True, tag="ready"):
    """Worker to control: my doors are open."""

    worker: int


class Report(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """Worker to control, once a second: how often each thing happened since it started."""

    worker: int
    counters: dict[str, int]


class Failure(msgspec.Struct, frozen=True, kw_only=True, tag="failure"):
    """Worker to control: a message was refused; names of organisations and services only, no personal data."""

    at: datetime
    side: str
    """``client`` or ``server``."""
    fault_code: str
    client: str
    service: str
    detail: str
    """Random id that the caller was told."""


class Order(msgspec.Struct, frozen=True, kw_only=True, tag="order"):
    """Operator to control: do this now."""

    what: str
    """``configuration``, ``ocsp``, ``timestamp``, ``reload`` or ``status``."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, tag="outcome"):
    """Control to operator: how an order went."""

    done: bool
    text: str
    """For people, in English."""
    facts: dict[str, str] = {}


Message = Reload | TimestampNotice | Hello | Ready | Report | Failure | Order | Outcome

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class Channel:
    """One connection, either end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, message: Message) -> None:
        """Send one message; lost when the other end is gone."""
        if not self._writer.is_closing():
            self._writer.write(_ENCODER.encode(message) + b"\n")

    async def messages(self) -> AsyncIterator[Message]:
        """Messages until the other end goes; raises ChannelError for a line that is none."""
        while line := await self._line():
            try:
                yield _DECODER.decode(line)
            except msgspec.DecodeError as exc:
                raise ChannelError(f"not a message of this channel: {exc}") from exc

    async def _line(self) -> bytes:
        try:
            return await self._reader.readline()
        except (OSError, ValueError):
            return b""

    async def close(self) -> None:
        """Say goodbye."""
        self._writer.close()


ServeChannel = Callable[[Channel], Awaitable[None]]


def _short(path: Path) -> str:
    """A name within the 108 bytes of a Unix socket's: relative to the working folder where that is shorter."""
    return min(str(path), os.path.relpath(path), key=len)


async def connect(path: Path) -> Channel:
    """Connect to a control process; raises ChannelError where there is none."""
    try:
        reader, writer = await asyncio.open_unix_connection(_short(path), limit=MAX_LINE)
    except OSError as exc:
        raise ChannelError(f"no security server answers at {path.name} ({exc.strerror or exc})") from exc
    return Channel(reader, writer)


async def listen(path: Path, serve: ServeChannel) -> asyncio.Server:
    """Take connections; each is served by *serve* until it returns."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        channel = Channel(reader, writer)
        try:
            await serve(channel)
        except asyncio.CancelledError:
            pass  # the process ends; asyncio would report the connection's task as broken
        finally:
            await channel.close()

    path.unlink(missing_ok=True)
    server = await asyncio.start_unix_server(accept, _short(path), limit=MAX_LINE)
    path.chmod(0o600)
    return server
