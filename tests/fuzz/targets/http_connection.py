"""HTTP heads and bodies through a server's connection: answers are 1xx, 2xx or 4xx, however the bytes are cut."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from lienthong.exchange.adapters.http_connection import ServerConnection
from lienthong.exchange.adapters.http_messages import HttpLimits, HttpRequest, HttpResponse
from lienthong.exchange.adapters.http_state import ServerState

REFUSES = ()
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_BODY_MAX = 1 << 16


class _Transport(asyncio.Transport):
    """Keeps what is written; never full, never slow."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1)})
        self.written = bytearray()

    def write(self, data: Any) -> None:
        self.written += data

    def writelines(self, pieces: Any) -> None:
        self.written += b"".join(pieces)

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return False

    def _nothing(self) -> None: ...

    close = abort = pause_reading = resume_reading = _nothing


def read(data: bytes) -> None:
    whole = asyncio.run(_converse([data]))
    if len(data) <= HttpLimits().head_bytes:  # of a longer one, what is refused first depends on what comes first
        middle = len(data) // 2
        assert asyncio.run(_converse([data[:middle], data[middle:]])) == whole
    statuses = _STATUS.findall(whole)
    assert bool(statuses) is bool(whole)
    assert all(status[:1] in (b"1", b"2", b"4") for status in statuses)


async def _converse(pieces: list[bytes]) -> bytes:
    failures: list[BaseException] = []
    state = ServerState(
        handler=_answer,
        limits=HttpLimits(),
        on_error=lambda error, request: failures.append(error),
        loop=asyncio.get_running_loop(),
    )
    transport = _Transport()
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        state.tasks = tasks
        connection = ServerConnection(state)
        connection.connection_made(transport)
        for piece in pieces:
            connection.data_received(piece)
            await asyncio.sleep(0)
        connection.eof_received()
    assert not failures
    return bytes(transport.written)


async def _answer(request: HttpRequest) -> HttpResponse:
    assert b"\0" not in request.target
    return HttpResponse(status=200, body=b"%d" % len(await request.body.read(_BODY_MAX)))
