"""The client against servers that behave, and against servers that do not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from lienthong.exchange.adapters.http_errors import (
    AdapterError,
    BadMessageError,
    BodyTooLargeError,
    ConnectError,
    PeerClosedError,
    ReadTimeoutError,
)
from lienthong.exchange.adapters.http_messages import HttpRequest, HttpResponse, Peer
from lienthong.exchange.adapters.http_server import serve
from lienthong.exchange.adapters.pool import Address, Pool
from lienthong.exchange.adapters.race import Race, connect_fastest
from lienthong.exchange.errors import Fault

pytestmark = pytest.mark.sockets

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def scripted(script: Script, host: str = "127.0.0.1") -> AsyncIterator[Address]:
    """A server that does with each connection what the script says, then closes it."""

    serving: set[asyncio.Task[None] | None] = set()

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await script(reader, writer)
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(serve_one, host, 0)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        if serving:
            await asyncio.wait([task for task in serving if task is not None], timeout=1)
        await asyncio.sleep(0.01)


def saying(answer: bytes) -> Script:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    return script


async def get(address: Address, **options: object) -> tuple[int, bytes]:
    async with Pool().lease(address) as connection:
        response = await connection.request("GET", b"/", **options)
        return response.status, await response.body.read(10**6)


async def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=200, headers=request.headers, body=await request.body.read(10**8))


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        await asyncio.sleep(0)
        yield part


def test_requests_go_out_as_given(run) -> None:
    async def play() -> bytes:
        heard: list[bytes] = []

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            heard.append(await reader.readuntil(b"0\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        async with scripted(script) as address, Pool().lease(address) as connection:
            headers = [(b"Host", b"localhost:5500"), (b"x-hash-algorithm", b"SHA-512"), (b"Content-Length", b"9")]
            await connection.request("POST", b"/?a=%2F", headers, pieces(b"one", b"", b"two"))
        return heard[0]

    head = b"POST /?a=%2F HTTP/1.1\r\nhost: localhost:5500\r\nx-hash-algorithm: SHA-512\r\ntransfer-encoding: chunked\r\n\r\n"
    assert run(play()) == head + b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


@pytest.mark.parametrize("target", [b"", b"a", b"/a b", b"/a\r\nx: y", b"http://a/", b"/\xc3"])
def test_targets_that_break_the_head_are_refused(run, target: bytes) -> None:
    async def play() -> None:
        async with await serve(echo) as server, Pool().lease(server.addresses[0]) as connection:
            with pytest.raises(ValueError, match="target"):
                await connection.request("GET", target)
            with pytest.raises(ValueError, match="line break"):
                await connection.request("GET", b"/", [(b"a", b"b\nc: d")])

    run(play())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", (200, b"abc")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", (200, b"abc")),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", (200, b"to the end")),
        (b"HTTP/1.0 200 OK\r\n\r\n", (200, b"")),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nLink: x\r\n\r\nHTTP/1.1 204 No\r\n\r\n", (204, b"")),
    ],
)
def test_bodies_end_where_their_framing_says(run, answer: bytes, expected: tuple[int, bytes]) -> None:
    async def play() -> tuple[int, bytes]:
        async with scripted(saying(answer)) as address:
            return await get(address)

    assert run(play()) == expected


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", BadMessageError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", BadMessageError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", BadMessageError),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", BadMessageError),
        (b"220 smtp.example ready\r\n", BadMessageError),
        (b"HTTP/1.1 200 OK\r\nA: " + b"a" * 100_000 + b"\r\n\r\n", BadMessageError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", PeerClosedError),
        (b"HTTP/1.1 200", PeerClosedError),
        (b"", PeerClosedError),
    ],
)
def test_broken_answers_are_errors(run, answer: bytes, error: type[AdapterError]) -> None:
    async def play() -> None:
        async with scripted(saying(answer)) as address:
            with pytest.raises(error) as caught:
                await get(address)
            if isinstance(caught.value, PeerClosedError):
                assert caught.value.request_sent
                assert caught.value.response_started == bool(answer)

    run(play())


def test_silence_ends_in_a_timeout(run) -> None:
    async def play() -> None:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            await reader.read(-1)

        async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
            await silent(reader, writer)

        for script in (silent, half):
            async with scripted(script) as address:
                with pytest.raises(ReadTimeoutError):
                    await get(address, timeout_s=0.1)

    run(play())


def test_large_bodies_are_refused_by_small_readers(run) -> None:
    async def play() -> None:
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 2_000_000
        async with scripted(saying(answer)) as address:
            with pytest.raises(BodyTooLargeError):
                await get(address)

    run(play())


def test_an_early_answer_stops_the_upload(run) -> None:
    async def play() -> tuple[int, bool]:
        sent = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal sent
            while True:
                sent += 1
                yield b"x" * 65536

        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
            await asyncio.sleep(0.2)

        async with scripted(refuse) as address, Pool().lease(address) as connection:
            response = await connection.request("POST", b"/", (), endless())
            return response.status, connection.is_reusable()

    assert run(play()) == (413, False)


def test_a_body_that_fails_never_looks_complete(run) -> None:
    async def play() -> list[str]:
        outcomes: list[str] = []

        async def handler(request: HttpRequest) -> HttpResponse:
            try:
                await request.body.read(100)
                outcomes.append("complete")
            except AdapterError as error:
                outcomes.append(type(error).__name__)
            return HttpResponse(status=200)

        async def failing() -> AsyncIterator[bytes]:
            yield b"one"
            raise RuntimeError("source broke")

        async with await serve(handler) as server, Pool().lease(server.addresses[0]) as connection:
            with pytest.raises(RuntimeError):
                await connection.request("POST", b"/", (), failing())
            await asyncio.sleep(0.05)
        return outcomes

    assert run(play()) == ["PeerClosedError"]


def test_connections_are_kept_and_judged_again(run) -> None:
    async def play() -> None:
        judged: list[Peer] = []

        async def verify(peer: Peer) -> None:
            judged.append(peer)

        async with await serve(echo) as server:
            pool = Pool()
            used = set()
            for method in ("GET", "HEAD", "POST", "PUT"):
                async with pool.lease(server.addresses[0], verify=verify) as connection:
                    used.add(id(connection))
                    response = await connection.request(method, b"/", (), b"" if method in ("GET", "HEAD") else b"x")
                    await response.body.read(10)
            assert len(used) == 1
            assert len(judged) == 4
            assert pool.idle_count == 1
            await pool.close()
            with pytest.raises(ConnectError):
                await pool.acquire(server.addresses[0])

    run(play())


def test_who_is_refused_gets_nothing(run) -> None:
    async def play() -> int:
        calls = 0

        async def handler(request: HttpRequest) -> HttpResponse:
            nonlocal calls
            calls += 1
            return HttpResponse(status=200)

        def refuse(peer: Peer) -> None:
            raise Fault("ssl_authentication_failed", "not you")

        async with await serve(handler) as server:
            pool = Pool()
            async with pool.lease(server.addresses[0]) as connection:
                await connection.request("GET", b"/")
            with pytest.raises(Fault):
                async with pool.lease(server.addresses[0], verify=refuse) as connection:
                    await connection.request("GET", b"/")
            await pool.close()
        return calls

    assert run(play()) == 1


def test_a_closed_connection_is_noticed_before_anything_is_sent(run) -> None:
    async def play() -> list[int]:
        connections = 0

        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal connections
            connections += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")

        async with scripted(once) as address:
            pool = Pool()
            statuses = []
            for _ in range(3):
                async with pool.lease(address) as connection:
                    statuses.append((await connection.request("GET", b"/")).status)
                await asyncio.sleep(0.02)
            assert connections == 3
            return statuses

    assert run(play()) == [200, 200, 200]


def test_idle_connections_expire_and_unread_ones_are_not_kept(run) -> None:
    async def play() -> None:
        async with await serve(echo) as server:
            pool = Pool(idle_timeout_s=0.1)
            async with pool.lease(server.addresses[0]) as connection:
                await connection.request("GET", b"/")
            assert pool.idle_count == 1
            await asyncio.sleep(0.3)
            assert pool.idle_count == 0
            async with pool.lease(server.addresses[0]) as connection:
                await connection.request("POST", b"/", (), b"x" * 3_000_000)
            assert pool.idle_count == 0
            assert not connection.is_reusable()

    run(play())


def test_nobody_there_is_a_connect_error(run) -> None:
    async def play() -> None:
        async with scripted(saying(b"")) as address:
            pass
        with pytest.raises(ConnectError):
            await Pool().acquire(address)
        with pytest.raises(ConnectError, match="none of 2"):
            await connect_fastest([address, ("127.9.9.9", address[1])], 5)

    run(play())


def test_the_race_falls_back_and_remembers(run) -> None:
    async def play() -> None:
        async with await serve(echo) as bad, await serve(echo) as good:
            dead = ("127.0.0.1", 1)
            asked: list[tuple[str, int]] = []
            race = Race(Pool(idle_timeout_s=0))
            refused = {bad.addresses[0]}

            def verify_for(address: Address) -> Callable[[Peer], None]:
                def verify(peer: Peer) -> None:
                    asked.append(address)
                    if len(asked) <= len(refused):
                        raise Fault("ssl_authentication_failed", "not you")

                return verify

            candidates = [dead, bad.addresses[0], good.addresses[0]]
            async with race.lease(candidates, verify=verify_for(dead)) as connection:
                assert (await connection.request("GET", b"/")).status == 200
            assert len(asked) == 2
            async with race.lease(candidates, verify=verify_for(dead)) as connection:
                assert (await connection.request("GET", b"/")).status == 200
            assert len(asked) == 3

            def refuse(peer: Peer) -> None:
                raise Fault("ssl_authentication_failed", "nobody")

            with pytest.raises(ConnectError):
                async with race.lease(candidates, verify=refuse):
                    pass
            with pytest.raises(Fault):
                async with race.lease(candidates[1:], verify=refuse):
                    pass
            with pytest.raises(ConnectError):
                async with race.lease([]):
                    pass

    run(play())


def test_64_megabytes_pass_through_in_bounded_memory(run) -> None:
    import resource

    async def play() -> int:
        async def handler(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200, body=request.body)

        block = b"x" * 262_144

        async def blocks() -> AsyncIterator[bytes]:
            for _ in range(256):
                yield block

        async with await serve(handler) as front, await serve(drain) as back:
            pool = Pool()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            async with pool.lease(back.addresses[0]) as connection:
                response = await connection.request("POST", b"/", (), blocks())
                assert await response.body.read(100) == b"67108864"
            async with pool.lease(front.addresses[0]) as connection:
                response = await connection.request("POST", b"/", (), b"y" * 1000)
                assert await response.body.read(2000) == b"y" * 1000
            await pool.close()
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    async def drain(request: HttpRequest) -> HttpResponse:
        size = 0
        async for chunk in request.body:
            size += len(chunk)
            if size % 10 == 0:
                await asyncio.sleep(0)
        return HttpResponse(status=200, body=b"%d" % size)

    assert run(play()) < 16 * 1024
