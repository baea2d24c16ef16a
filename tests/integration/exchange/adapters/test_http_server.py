"""The server against raw sockets: order, limits, refusals, ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from lienthong.exchange.adapters.http_errors import AdapterError
from lienthong.exchange.adapters.http_server import HttpLimits, HttpRequest, HttpResponse, HttpServer, serve

pytestmark = pytest.mark.sockets
HOST = b"Host: a\r\n"


class Answers:
    """A handler that remembers what it saw."""

    def __init__(self) -> None:
        self.seen: list[HttpRequest] = []
        self.errors: list[BaseException] = []
        self.gate = asyncio.Event()

    def report(self, error: BaseException, request: HttpRequest) -> None:
        self.errors.append(error)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        self.seen.append(request)
        match request.raw_path:
            case b"/echo":
                return HttpResponse(status=200, headers=((b"x-Echo", b"1"),), body=await request.body.read(10**8))
            case b"/stream":
                return HttpResponse(status=200, body=self.stream())
            case b"/break":
                return HttpResponse(status=200, body=self.stream(broken=True))
            case b"/fail":
                raise RuntimeError("secret detail")
            case b"/wait":
                await self.gate.wait()
                return HttpResponse(status=200, body=b"waited")
            case b"/ignore":
                return HttpResponse(status=403)
            case b"/header":
                return HttpResponse(status=200, headers=((b"a", b"b\r\nc: d"),))
            case b"/dated":
                return HttpResponse(status=200, headers=((b"Date", b"then"),))
            case b"/empty":
                return HttpResponse(status=204)
        return HttpResponse(status=200, body=request.target)

    async def stream(self, *, broken: bool = False) -> AsyncIterator[bytes]:
        yield b"one"
        if broken:
            raise RuntimeError("half-way")
        yield b"two"


@contextlib.asynccontextmanager
async def serving(**options: object) -> AsyncIterator[tuple[Answers, HttpServer]]:
    answers = Answers()
    server = await serve(answers, on_error=answers.report, **options)
    try:
        yield answers, server
    finally:
        answers.gate.set()
        await server.close(1)


async def dial(server: HttpServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(*server.addresses[0])


async def talk(server: HttpServer, data: bytes, *, half_close: bool = False) -> bytes:
    """Send, then read until the server closes."""
    reader, writer = await dial(server)
    writer.write(data)
    if half_close:
        writer.write_eof()
    with contextlib.suppress(ConnectionResetError):
        try:
            return await reader.read(-1)
        finally:
            writer.close()
    return b""


def ask(data: bytes, run, **options: object) -> tuple[bytes, Answers]:
    async def play() -> tuple[bytes, Answers]:
        async with serving(**options) as (answers, server):
            return await talk(server, data), answers

    return run(play())


def get(path: bytes, *, close: bool = True, extra: bytes = b"") -> bytes:
    return b"GET %b HTTP/1.1\r\n%b%b%b\r\n" % (path, HOST, extra, b"Connection: close\r\n" if close else b"")


def test_header_names_go_out_as_given(run) -> None:
    answer, _ = ask(b"POST /echo HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n" + HOST + b"\r\nabc", run)
    assert answer == b"HTTP/1.1 200 OK\r\nx-Echo: 1\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc"


def test_pipelined_requests_are_answered_in_order(run) -> None:
    paths = [b"/%d" % number for number in range(50)]
    answer, answers = ask(b"".join(get(path, close=path == b"/49") for path in paths), run)
    assert [request.target for request in answers.seen] == paths
    assert answer.count(b"HTTP/1.1 200 OK") == 50
    assert answer.endswith(b"/49")


def test_pipelined_bodies_do_not_mix(run) -> None:
    one = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + b"1" * 200_000
    two = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    two += b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [b"2" * 300_000, b"2" * 300_000]) + b"0\r\n\r\n"
    answer, _ = ask(get(b"/x", close=False) + one + two, run)
    assert answer.count(b"1" * 200_000) == 1
    assert answer.endswith(b"\r\n\r\n" + b"2" * 600_000)


def test_streams_are_chunked_and_end(run) -> None:
    answer, _ = ask(get(b"/stream"), run)
    assert b"transfer-encoding: chunked\r\n" in answer
    assert answer.endswith(b"\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")


def test_a_stream_that_breaks_never_looks_complete(run) -> None:
    answer, answers = ask(get(b"/break", close=False), run)
    assert not answer.endswith(b"0\r\n\r\n")
    assert [str(error) for error in answers.errors] == ["half-way"]


@pytest.mark.parametrize(
    ("request_bytes", "has", "ends"),
    [
        (b"HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"content-length: 6\r\n", b"\r\n\r\n"),
        (b"HEAD /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"200 OK", b"\r\n\r\n"),
        (b"GET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"204 No Content", b"\r\n\r\n"),
        (b"GET /stream HTTP/1.0\r\n\r\n", b"connection: close", b"\r\n\r\nonetwo"),
        (b"GET /x HTTP/1.0\r\n\r\n", b"connection: close", b"/x"),
        (b"GET http://other/a%2Fb?c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"200 OK", b"/a%2Fb?c"),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"200 OK", b"*"),
    ],
)
def test_bodies_by_method_status_and_version(run, request_bytes: bytes, has: bytes, ends: bytes) -> None:
    answer, _ = ask(request_bytes, run)
    assert has in answer
    assert answer.endswith(ends)


def test_an_exception_becomes_a_bare_500_and_is_reported(run) -> None:
    answer, answers = ask(get(b"/fail", close=False), run)
    assert answer == b"HTTP/1.1 500 Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    assert [type(error) for error in answers.errors] == [RuntimeError]


def test_a_header_with_a_line_break_is_never_sent(run) -> None:
    answer, answers = ask(get(b"/header"), run)
    assert answer == b""
    assert [type(error) for error in answers.errors] == [ValueError]


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: a\n\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", 417),
        (b"GET /%2e%2e/x HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 9000, 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(run, request_bytes: bytes, status: int) -> None:
    answer, _ = ask(request_bytes, run)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"connection: close" in answer


def test_requests_before_a_broken_one_are_answered_first(run) -> None:
    answer, _ = ask(get(b"/good", close=False) + b"bad\r\n\r\n", run)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n/goodHTTP/1.1 400 ")


def test_an_upgrade_is_ignored(run) -> None:
    upgrade = b"GET /one HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n"
    answer, _ = ask(upgrade + get(b"/two"), run)
    assert answer.count(b"200 OK") == 2
    assert answer.endswith(b"/two")


def test_continue_is_sent_when_the_handler_wants_the_body(run) -> None:
    async def play() -> None:
        async with serving() as (_, server):
            reader, writer = await dial(server)
            head = b"Host: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
            writer.write(b"POST /echo HTTP/1.1\r\n" + head)
            assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            writer.write(b"abc")
            assert (await reader.readuntil(b"abc")).startswith(b"HTTP/1.1 200")
            writer.write(b"POST /ignore HTTP/1.1\r\n" + head)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 403")
            writer.close()

    run(play())


def test_an_early_answer_reaches_a_peer_that_is_still_sending(run) -> None:
    head = b"POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n"
    answer, _ = ask(head + b"x" * 3_000_000, run)
    assert answer.startswith(b"HTTP/1.1 403 Forbidden")
    assert b"connection: close" in answer


def test_slow_heads_are_cut(run) -> None:
    async def play() -> bytes:
        async with serving(limits=HttpLimits(head_timeout_s=0.2)) as (_, server):
            reader, writer = await dial(server)
            with contextlib.suppress(ConnectionError):
                for byte in b"GET / HTTP/1.1\r\nHost: abcdefghijklmnop":
                    writer.write(bytes([byte]))
                    await asyncio.sleep(0.02)
            answer = await reader.read(-1)
            writer.close()
            return answer

    assert run(play()).startswith(b"HTTP/1.1 408 ")


def test_silent_bodies_and_idle_connections_are_cut(run) -> None:
    async def play() -> tuple[bytes, bytes, bytes]:
        async with serving(limits=HttpLimits(body_silence_s=0.2, idle_timeout_s=0.2, head_timeout_s=0.2)) as (
            _,
            server,
        ):
            body = await talk(server, b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
            idle = await talk(server, get(b"/x", close=False))
            return body, idle, await talk(server, b"")

    body, idle, nothing = run(play())
    assert body.startswith(b"HTTP/1.1 408 ")
    assert idle.endswith(b"/x")
    assert nothing == b""


def test_a_peer_that_takes_nothing_is_cut(run) -> None:
    async def play() -> int:
        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 65536

        async def handler(request: HttpRequest) -> HttpResponse:
            return HttpResponse(status=200, body=endless())

        async with await serve(handler, limits=HttpLimits(write_stall_s=0.2)) as server:
            _, writer = await dial(server)
            writer.transport.pause_reading()
            writer.write(get(b"/"))
            await asyncio.sleep(0.1)
            before = server.connection_count
            for _ in range(50):
                if not server.connection_count:
                    break
                await asyncio.sleep(0.05)
            after = server.connection_count
            writer.transport.abort()
            return before - after

    assert run(play()) == 1


def test_half_closed_peers_still_get_their_answer(run) -> None:
    async def play() -> bytes:
        async with serving() as (answers, server):
            asyncio.get_running_loop().call_later(0.05, answers.gate.set)
            return await talk(server, get(b"/wait", close=False), half_close=True)

    assert run(play()).endswith(b"waited")


def test_a_body_cut_short_is_an_error_and_no_end(run) -> None:
    async def play() -> list[AdapterError]:
        failures: list[AdapterError] = []

        async def handler(request: HttpRequest) -> HttpResponse:
            try:
                await request.body.read(100)
            except AdapterError as error:
                failures.append(error)
                raise
            return HttpResponse(status=200)

        async with await serve(handler) as server:
            _, writer = await dial(server)
            writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            await asyncio.sleep(0.05)
            writer.transport.abort()
            await asyncio.sleep(0.05)
        return failures

    assert [type(failure).__name__ for failure in run(play())] == ["PeerClosedError"]


def test_closing_lets_requests_finish(run) -> None:
    async def play() -> list[bytes]:
        async with serving() as (answers, server):
            waiting = [asyncio.ensure_future(talk(server, get(b"/wait", close=False))) for _ in range(5)]
            idle_reader, idle_writer = await dial(server)
            idle_writer.write(get(b"/first", close=False))
            await idle_reader.readuntil(b"/first")
            loop = asyncio.get_running_loop()
            loop.call_later(0.05, idle_writer.write, get(b"/late", close=False))
            loop.call_later(0.1, answers.gate.set)
            await server.close(5)
            late = await idle_reader.read(-1)
            idle_writer.close()
            return [late, *await asyncio.gather(*waiting)]

    late, *waited = run(play())
    assert late.endswith(b"connection: close\r\n\r\n/late")
    assert all(answer.endswith(b"waited") and b"connection: close" in answer for answer in waited)


def test_closing_cuts_what_does_not_finish(run) -> None:
    async def play() -> bytes:
        async with serving() as (_, server):
            waiting = asyncio.ensure_future(talk(server, get(b"/wait", close=False)))
            await asyncio.sleep(0.05)
            await server.close(0.1)
            return await waiting

    assert run(play()) == b""


def test_places_are_limited_in_all_and_for_each_peer(run) -> None:
    async def play(limits: HttpLimits) -> bytes:
        async with serving(limits=limits) as (_, server):
            _, writer = await dial(server)
            await asyncio.sleep(0.05)
            refused = await talk(server, get(b"/x"))
            writer.close()
            await asyncio.sleep(0.05)
            assert (await talk(server, get(b"/x"))).endswith(b"/x")
            return refused

    assert run(play(HttpLimits(max_connections=1))).startswith(b"HTTP/1.1 503 ")
    assert run(play(HttpLimits(max_connections_per_peer=1))).startswith(b"HTTP/1.1 503 ")


def test_a_date_is_sent_when_asked_for_and_not_given(run) -> None:
    answer, _ = ask(get(b"/x"), run, add_date=True)
    assert b"\r\ndate: " in answer
    given, _ = ask(get(b"/dated"), run, add_date=True)
    assert b"Date: then\r\n" in given
    assert b"\r\ndate: " not in given


def test_unread_bodies_hold_their_sender_back(run) -> None:
    async def play() -> int:
        async with serving() as (answers, server):
            _, writer = await dial(server)
            writer.transport.set_write_buffer_limits(high=0)
            writer.write(b"POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
            for _ in range(400):
                if writer.transport.get_write_buffer_size() > 100_000:
                    break
                writer.write(b"x" * 100_000)
                await asyncio.sleep(0.001)
            left = writer.transport.get_write_buffer_size()
            writer.transport.abort()
            answers.gate.set()
            return left

    assert run(play()) > 0
