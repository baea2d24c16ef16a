"""Whatever arrives, the answer is a success, a refusal or the end of the connection: never a 5xx, never a hang."""

from __future__ import annotations

import asyncio
import contextlib
import re

import pytest
import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.exchange.adapters.http_server import HttpLimits, HttpRequest, HttpResponse, serve

pytestmark = pytest.mark.sockets
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
PIECES = [
    b"GET", b"POST", b"HEAD", b"CONNECT", b"PRI", b" ", b"/", b"*", b"/a%2Fb", b"/%2e", b"http://a/", b"HTTP/1.1", b"HTTP/1.0",
    b"HTTP/2.0", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"Host: a\r\n", b"Host:\r\n", b"Content-Length: 3\r\n", b"Content-Length: 03\r\n",
    b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n", b"Expect: 100-continue\r\n",
    b"Connection: close\r\n", b"Connection: upgrade\r\n", b"Upgrade: h2c\r\n", b"abc", b"3\r\nabc\r\n", b"0\r\n\r\n", b"\0", b"\xff",
    b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\n", b" folded\r\n", b"a" * 9000,
]  # fmt: skip


async def judge(data: bytes, cut: int) -> tuple[bytes, list[BaseException]]:
    errors: list[BaseException] = []

    async def handler(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=200, body=b"%d" % len(await request.body.read(10**6)))

    limits = HttpLimits(head_timeout_s=0.4, body_silence_s=0.4)
    server = await serve(handler, limits=limits, on_error=lambda error, _: errors.append(error))
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    answer = b""
    with contextlib.suppress(ConnectionError):
        writer.write(data[:cut])
        await asyncio.sleep(0)
        writer.write(data[cut:])
        writer.write_eof()
        async with asyncio.timeout(5):
            answer = await reader.read(-1)
    writer.close()
    await server.close(0)
    return answer, errors


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(parts=st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=14), cut=st.integers(0, 80))
def test_heads_never_break_the_server(parts: list[bytes], cut: int) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answer, errors = runner.run(judge(b"".join(parts), cut))
    statuses = STATUS.findall(answer)
    assert bool(statuses) == bool(answer)
    assert all(status[:1] in (b"1", b"2", b"4") for status in statuses)
    assert errors == []
