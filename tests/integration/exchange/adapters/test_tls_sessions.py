"""TLS with real peers: suites, client certificates, chains, resumption, reload."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Awaitable, Callable

import pytest
import structlog
from tests.integration.exchange.adapters.keys import World

from lienthong.exchange.adapters.http_errors import TlsError
from lienthong.exchange.adapters.http_messages import Peer
from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, HttpServer, serve
from lienthong.exchange.adapters.pool import Pool
from lienthong.exchange.adapters.tls import (
    TlsVersions,
    listener_context,
    service_client_context,
    transport_client_context,
    transport_server_context,
)

pytestmark = pytest.mark.sockets


class Door:
    """A handler that remembers who came."""

    def __init__(self) -> None:
        self.peers: list[Peer] = []

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        self.peers.append(request.peer)
        return HttpResponse(status=200, body=b"in", close=True)


def transport(world: World, versions: TlsVersions = TlsVersions.BOTH) -> ssl.SSLContext:
    return transport_server_context(world.server, is_registered=registered(world), versions=versions)


def registered(world: World) -> Callable[[bytes], bool]:
    return {world.client.chain_der[0], world.expired.chain_der[0]}.__contains__


def visit(run, context: ssl.SSLContext, guest: Callable[[HttpServer], Awaitable[object]]) -> tuple[object, Door]:
    async def play() -> tuple[object, Door]:
        door = Door()
        async with await serve(door, ssl_context=context) as server:
            return await guest(server), door

    return run(play())


def fetch(context: ssl.SSLContext) -> Callable[[HttpServer], Awaitable[Peer]]:
    async def guest(server: HttpServer) -> Peer:
        async with Pool(ssl_context=context).lease(server.addresses[0]) as connection:
            response = await connection.request("GET", b"/")
            assert await response.body.read(10) == b"in"
            return connection.peer

    return guest


def command(*arguments: str) -> Callable[[HttpServer], Awaitable[str]]:
    async def guest(server: HttpServer) -> str:
        place = "{}:{}".format(*server.addresses[0])
        filled = [argument.format(place=place) for argument in arguments]
        done = await asyncio.to_thread(
            subprocess.run, filled, input=b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", capture_output=True, timeout=10
        )
        return (done.stdout + done.stderr).decode(errors="replace")

    return guest


def s_client(files: list[str], *more: str) -> Callable[[HttpServer], Awaitable[str]]:
    return command(
        "openssl", "s_client", "-connect", "{place}", "-ign_eof", "-cert", files[0], "-cert_chain", files[2],
        "-key", files[1], *more,
    )  # fmt: skip


@pytest.mark.parametrize("versions", list(TlsVersions))
def test_both_sides_see_the_whole_chain(run, world: World, versions: TlsVersions) -> None:
    client = transport_client_context(world.client, versions=versions)
    seen, door = visit(run, transport(world, versions), fetch(client))
    assert seen.chain_der == world.server.chain_der
    assert [peer.chain_der for peer in door.peers] == [world.client.chain_der]
    assert door.peers[0].leaf_der == world.client.chain_der[0]
    assert door.peers[0].tls


@pytest.mark.parametrize("suite", ["ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES256-SHA256"])
def test_openssl_negotiates_x_road_suites(run, world: World, client_files: list[str], suite: str) -> None:
    text, door = visit(run, transport(world), s_client(client_files, "-tls1_2", "-cipher", suite))
    assert f"Cipher is {suite}" in text
    assert "200 OK" in text
    assert door.peers[0].chain_der == world.client.chain_der


def test_the_third_suite_serves_ec_keys(run, world: World, client_files: list[str]) -> None:
    context = transport_server_context(world.client, is_registered=registered(world))
    text, _ = visit(run, context, s_client(client_files, "-tls1_2"))
    assert "Cipher is ECDHE-ECDSA-AES256-SHA384" in text


def test_other_suites_and_versions_are_refused(run, world: World, client_files: list[str]) -> None:
    for more in (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], ["-tls1_3"]):
        text, door = visit(run, transport(world, TlsVersions.ONLY_1_2), s_client(client_files, *more))
        assert "Cipher is (NONE)" in text
        assert door.peers == []


def test_tls_1_3_is_there_for_our_own(run, world: World, client_files: list[str]) -> None:
    text, _ = visit(run, transport(world), s_client(client_files, "-tls1_3"))
    assert "TLSv1.3" in text
    assert "200 OK" in text


def test_a_client_certificate_is_required(run, world: World) -> None:
    text, door = visit(run, transport(world), command("curl", "-sSk", "--tls-max", "1.2", "https://{place}/"))
    assert text.startswith("curl: (35)")
    assert door.peers == []


def test_a_stranger_is_refused(run, world: World) -> None:
    context = transport_client_context(world.stranger, versions=TlsVersions.ONLY_1_2)
    with pytest.raises(TlsError):
        visit(run, transport(world), fetch(context))


def test_a_stranger_under_tls_1_3_is_refused_too(run, world: World) -> None:
    """There the client learns of the refusal only when it reads; its request was never handled."""
    with pytest.raises(TlsError):
        visit(run, transport(world), fetch(transport_client_context(world.stranger)))


def test_expired_certificates_reach_our_own_judgement(run, world: World) -> None:
    _, door = visit(run, transport(world), fetch(transport_client_context(world.expired)))
    assert door.peers[0].leaf_der == world.expired.chain_der[0]


def test_a_registered_certificate_needs_no_issuer_that_openssl_knows(run, world: World) -> None:
    context = transport_server_context(world.server, is_registered=world.stranger.chain_der[0].__eq__)
    _, door = visit(run, context, fetch(transport_client_context(world.stranger)))
    assert door.peers[0].chain_der == world.stranger.chain_der


def test_a_judge_that_fails_refuses(run, world: World) -> None:
    """C would take whatever lies in memory for the answer of a callback that raised: sometimes yes."""

    def fail(_: bytes) -> bool:
        raise ValueError

    context = transport_server_context(world.server, is_registered=fail)
    with structlog.testing.capture_logs() as told, pytest.raises(TlsError):
        visit(run, context, fetch(transport_client_context(world.client)))
    assert told == [{"event": "handshake_judge_failed", "kind": "ValueError", "log_level": "error"}]


@pytest.mark.parametrize("versions", list(TlsVersions))
def test_a_server_without_a_certificate_refuses_every_handshake(run, world: World, versions: TlsVersions) -> None:
    context = transport_server_context(None, is_registered=registered(world), versions=versions)
    with pytest.raises(TlsError):
        visit(run, context, fetch(transport_client_context(world.client, versions=versions)))


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_the_chain_is_whole_when_a_client_comes_back(
    run, world: World, client_files: list[str], tmp_path, version: str
) -> None:
    """A resumed session must not lose the intermediates, or a good partner would be refused."""
    session = str(tmp_path / "session")

    async def twice(server: HttpServer) -> tuple[str, str]:
        first = await s_client(client_files, version, "-sess_out", session)(server)
        try:
            open(session).close()
        except FileNotFoundError:
            return first, first
        return first, await s_client(client_files, version, "-sess_in", session)(server)

    (first, second), door = visit(run, transport(world), twice)
    assert "200 OK" in first
    assert "200 OK" in second
    assert all(peer.chain_der == world.client.chain_der for peer in door.peers)


def test_the_listener_lets_any_certificate_finish_the_handshake(run, world: World) -> None:
    """Who may come in is decided by the application, with a fault that says why."""
    for shown in (world.stranger, world.expired):
        context = service_client_context(shown, trusted_der=None)
        _, door = visit(run, listener_context(world.server), fetch(context))
        assert door.peers[0].leaf_der == shown.chain_der[0]


def test_the_listener_wants_a_certificate_but_needs_none(run, world: World, client_files: list[str]) -> None:
    context = listener_context(world.server)
    for extra in ([], ["--cert", client_files[0], "--key", client_files[1]]):
        text, door = visit(run, context, command("curl", "-sSk", *extra, "https://{place}/"))
        assert text == "in"
        assert door.peers[0].leaf_der == (world.client.chain_der[0] if extra else None)


def test_the_listener_speaks_the_suites_of_x_road(run, world: World, client_files: list[str]) -> None:
    for suite in ("ECDHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-SHA256"):
        text, _ = visit(run, listener_context(world.server), s_client(client_files, "-tls1_2", "-cipher", suite))
        assert f"Cipher is {suite}" in text


def test_services_are_trusted_by_certificate(run, world: World) -> None:
    leaf = world.server.chain_der[0]
    visit(run, listener_context(world.server), fetch(service_client_context(None, trusted_der=[leaf])))
    visit(run, listener_context(world.server), fetch(service_client_context(world.client, trusted_der=None)))
    with pytest.raises(TlsError):
        visit(
            run,
            listener_context(world.server),
            fetch(service_client_context(None, trusted_der=[world.stranger.chain_der[0]])),
        )


def test_keys_are_replaced_under_open_connections(run, world: World) -> None:
    async def play() -> None:
        async def handler(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200)

        async def ask(connection) -> None:
            assert (await connection.request("GET", b"/")).status == 200

        async with await serve(handler, ssl_context=listener_context(world.server)) as server:
            address = server.addresses[0]
            pool = Pool(ssl_context=service_client_context(None, trusted_der=None))
            async with pool.lease(address) as old:
                await ask(old)
                await server.use_context(listener_context(world.client))
                await ask(old)
                async with pool.lease(address) as new:
                    await ask(new)
                    assert new.peer.leaf_der == world.client.chain_der[0]
                assert old.peer.leaf_der == world.server.chain_der[0]
            await pool.close()

    run(play())
