"""Heads that two readers in a row could frame differently: one refusal, nothing reaches the handler, nothing follows."""

from __future__ import annotations

import asyncio

import pytest

from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, serve

pytestmark = pytest.mark.sockets
ADDRESS = "127.82.34.2"
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"


def post(*headers: bytes, body: bytes = b"") -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n%b" % (b"\r\n".join(headers), body)


ATTACKS = {
    "content-length twice, the same": post(b"Content-Length: 3", b"Content-Length: 3", body=b"abc"),
    "content-length twice, different": post(b"Content-Length: 0", b"Content-Length: 3", body=b"abc"),
    "content-length as a list": post(b"Content-Length: 0, 3", body=b"abc"),
    "content-length with a sign": post(b"Content-Length: +0"),
    "content-length in hexadecimal": post(b"Content-Length: 0x3", body=b"abc"),
    "content-length beyond counting": post(b"Content-Length: 18446744073709551616"),
    "transfer-encoding beside content-length": post(
        b"Transfer-Encoding: chunked", b"Content-Length: 0", body=b"0\r\n\r\n"
    ),
    "content-length beside transfer-encoding": post(
        b"Content-Length: 5", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"
    ),
    "transfer-encoding twice": post(b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity", body=b"0\r\n\r\n"),
    "transfer-encoding misspelt": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n"),
    "transfer-encoding behind a control character": post(b"Transfer-Encoding: \x0bchunked", body=b"0\r\n\r\n"),
    "blank before the colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n"),
    "folded header": post(b"Transfer-Encoding:", b" chunked", body=b"0\r\n\r\n"),
    "folded value": post(b"A: b", b"\tContent-Length: 3", body=b"abc"),
    "bare LF after a header": b"POST / HTTP/1.1\r\nHost: a\nContent-Length: 0\r\n\r\n",
    "bare LF everywhere": b"GET / HTTP/1.1\nHost: a\n\n",
    "bare CR in a value": post(b"A: b\rContent-Length: 3", body=b"abc"),
    "NUL in a value": post(b"A: b\0c"),
    "NUL in a name": post(b"A\0: b"),
    "NUL in the target": b"GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n",
    "chunk size with a sign": post(b"Transfer-Encoding: chunked", body=b"-1\r\n\r\n"),
    "chunk size beyond counting": post(b"Transfer-Encoding: chunked", body=b"10000000000000000\r\n"),
    "chunk that ends in bare LF": post(b"Transfer-Encoding: chunked", body=b"1\na\n0\n\n"),
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "version of its own": b"GET / HTTP/1.9\r\nHost: a\r\n\r\n",
    "a second request line": b"GET / HTTP/1.1 GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "preface of another protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


async def _ask(data: bytes) -> tuple[bytes, list[bytes]]:
    handled: list[bytes] = []

    async def handler(request: HttpRequest) -> HttpResponse:
        await request.body.read(1000)
        handled.append(request.target)
        return HttpResponse(status=200)

    server = await serve(handler, host=ADDRESS)
    reader, writer = await asyncio.open_connection(*server.addresses[0])
    writer.write(data + SMUGGLED)
    async with asyncio.timeout(5):
        answer = await reader.read(-1)
    writer.close()
    await server.close(0)
    return answer, handled


@pytest.mark.parametrize("data", ATTACKS.values(), ids=ATTACKS)
def test_a_head_with_two_meanings_gets_one_refusal(data: bytes) -> None:
    answer, handled = asyncio.run(_ask(data))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert handled == []
