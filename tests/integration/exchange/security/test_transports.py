"""Whoever falls silent, a security server or an information system, ends in a fault and not in waiting for ever."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.exchange_pair import snapshot_of

from lienthong.exchange.adapters.pool import Pool
from lienthong.exchange.adapters.race import Race
from lienthong.exchange.errors import Fault
from lienthong.exchange.security.ports import Outgoing, ServiceCall
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.security.transports import SecurityServers, Services
from lienthong.exchange.transport.http import Peer

pytestmark = pytest.mark.sockets
HOST = "127.82.61.1"
PATIENCE = timedelta(seconds=0.2)
NOTHING = b""
HALF_A_HEAD = b"HTTP/1.1 200 OK\r\nContent-"
HALF_A_BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf"


@contextlib.asynccontextmanager
async def silent_after(words: bytes) -> AsyncIterator[int]:
    """A peer that accepts, says that much, and never another byte: its port."""
    held: list[asyncio.StreamWriter] = []

    async def accept(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        held.append(writer)

    server = await asyncio.start_server(accept, HOST, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in held:
            writer.close()


def dialling(port: int) -> Snapshot:
    """What a consumer's server knows that has little patience."""
    known = snapshot_of("")
    limits = replace(known.settings.limits, answer_timeout=PATIENCE)
    ports = replace(known.settings.ports, dial_port=port)
    return replace(known, settings=replace(known.settings, limits=limits, ports=ports))


async def ask_server(port: int, pool: Pool, sent: Outgoing = b"question") -> None:
    async def verify(_: Peer) -> None:
        """Whoever it is."""

    known = dialling(port)
    async with SecurityServers(Race(pool), lambda: known).exchange([HOST], verify, (), sent) as reply:
        await reply.body.read(1000)


async def ask_service(port: int, sent: Outgoing = b"question") -> None:
    services = Services(connect_timeout_s=PATIENCE.total_seconds())
    call = ServiceCall(
        method="POST",
        url=f"http://{HOST}:{port}/",
        headers=(),
        body=sent,
        timeout=PATIENCE,
        trusted_certificates=None,
    )
    async with services.call(call) as reply:
        await reply.body.read(1000)


async def fault_of(words: bytes, ask: Callable[[int], Awaitable[None]]) -> str:
    async with silent_after(words) as port, asyncio.timeout(5):
        with pytest.raises(Fault) as caught:
            await ask(port)
    return caught.value.code


@pytest.mark.parametrize("words", [NOTHING, HALF_A_HEAD, HALF_A_BODY])
def test_a_server_that_falls_silent_is_an_io_error(words: bytes) -> None:
    assert asyncio.run(fault_of(words, lambda port: ask_server(port, Pool()))) == "io_error"


@pytest.mark.parametrize("words", [NOTHING, HALF_A_HEAD, HALF_A_BODY])
def test_a_system_that_falls_silent_is_an_io_error(words: bytes) -> None:
    assert asyncio.run(fault_of(words, ask_service)) == "io_error"


def test_a_server_that_never_shakes_hands_is_a_network_error() -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    async def ask(port: int) -> None:
        await ask_server(port, Pool(ssl_context=context, connect_timeout_s=PATIENCE.total_seconds()))

    assert asyncio.run(fault_of(NOTHING, ask)) == "network_error"


async def endless() -> AsyncIterator[bytes]:
    """A body longer than any buffer on the way."""
    while True:
        yield bytes(64 * 1024)


@pytest.mark.parametrize(
    "ask", [lambda port: ask_server(port, Pool(), endless), lambda port: ask_service(port, endless)]
)
def test_nobody_reads_what_is_sent(ask: Callable[[int], Awaitable[None]]) -> None:
    """A peer that takes nothing is as silent as one that says nothing."""
    assert asyncio.run(fault_of(NOTHING, ask)) == "io_error"
