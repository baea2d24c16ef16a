"""Who may finish a handshake follows what the server knows at that moment, without a new listener."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes import pki
from tests.fakes.server_folder import PASSWORD, write_folder

from lienthong.exchange.adapters.http_errors import TlsError
from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, listen
from lienthong.exchange.adapters.pool import Pool
from lienthong.exchange.adapters.tls import TlsIdentity, TlsVersions, transport_client_context
from lienthong.exchange.security.listeners import SERVERS, Listeners
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.security.state import ServerState

pytestmark = pytest.mark.sockets


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Listeners, Snapshot, int]]:
    """The door between servers, open as the folder says."""
    paths = write_folder(folder / "ss1", seen.globalconf(), port=1, ocsp_port=1)
    snapshot = ServerState(paths, lambda: seen.NOW).read()
    socket = listen("127.0.0.1", 0)

    async def answer(_: HttpRequest) -> HttpResponse:
        return HttpResponse(status=200)

    listeners = Listeners({SERVERS: socket}, {SERVERS: answer}, lambda error, _: pytest.fail(str(error)))
    try:
        await listeners.update(snapshot)
        yield listeners, snapshot, socket.getsockname()[1]
    finally:
        await listeners.close(0.0)
        socket.close()


async def is_let_in(port: int, versions: TlsVersions) -> bool:
    """Whether the server ss2 gets an answer."""
    key = pki.key("ss2").export(PASSWORD)
    identity = TlsIdentity(chain_der=(seen.certificate("ss2").der,), key_pem=key, password=PASSWORD)
    pool = Pool(ssl_context=transport_client_context(identity, versions=versions), idle_timeout_s=0)
    try:
        async with pool.lease(("127.0.0.1", port)) as connection:
            return (await connection.request("POST", b"/")).status == 200
    except TlsError:
        return False


@pytest.mark.parametrize("versions", [TlsVersions.ONLY_1_2, TlsVersions.ONLY_1_3])
def test_the_door_follows_configuration_and_keys(tmp_path: Path, versions: TlsVersions) -> None:
    async def play() -> list[bool]:
        async with opened(tmp_path) as (listeners, snapshot, port):
            without = replace(snapshot, globalconf=seen.globalconf(seen.server(seen.OWN, "ss1", "127.0.1.1")))
            keyless = replace(snapshot, authentication=None)
            let_in = []
            for known in (snapshot, without, snapshot, keyless, snapshot):
                await listeners.update(known)
                let_in.append(await is_let_in(port, versions))
            return let_in

    assert asyncio.run(play()) == [True, False, True, False, True]
