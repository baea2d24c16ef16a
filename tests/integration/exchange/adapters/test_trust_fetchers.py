"""OCSP and time-stamp fetchers against small servers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lienthong.exchange.adapters.http_errors import FetchError
from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, serve
from lienthong.exchange.adapters.ocsp_fetch import fetch_ocsp, fetch_peer_responses, ocsp_answer
from lienthong.exchange.adapters.timestamp_fetch import fetch_timestamp
from lienthong.trust.algorithms import DigestAlgorithm

pytestmark = pytest.mark.sockets
Fetch = Callable[..., Awaitable[bytes]]
CASES: list[tuple[Fetch, bytes, bytes]] = [
    (fetch_ocsp, b"application/ocsp-request", b"application/ocsp-response"),
    (fetch_timestamp, b"application/timestamp-query", b"application/timestamp-reply"),
]


@pytest.mark.parametrize(("fetch", "asks", "answers"), CASES)
def test_a_request_is_posted_and_its_answer_returned(run, fetch: Fetch, asks: bytes, answers: bytes) -> None:
    async def play() -> bytes:
        async def handler(request: HttpRequest) -> HttpResponse:
            assert (request.method, request.header(b"content-type")) == ("POST", asks)
            return HttpResponse(status=200, headers=((b"Content-Type", answers),), body=await request.body.read(99))

        async with await serve(handler) as server:
            return await fetch("http://{}:{}/x".format(*server.addresses[0]), b"der")

    assert run(play()) == b"der"


@pytest.mark.parametrize(("fetch", "asks", "answers"), CASES)
@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=500),
        HttpResponse(status=302, headers=((b"Location", b"/"),)),
        HttpResponse(status=200, headers=((b"Content-Type", b"text/html"),), body=b"no"),
        HttpResponse(status=200, body=b"x" * 1_100_000),
    ],
    ids=["500", "302", "html", "long"],
)
def test_unusable_answers_are_errors(run, fetch: Fetch, asks: bytes, answers: bytes, response: HttpResponse) -> None:
    async def play() -> None:
        async def handler(request: HttpRequest) -> HttpResponse:
            await request.body.read(99)
            return response

        async with await serve(handler) as server:
            with pytest.raises(FetchError):
                await fetch("http://{}:{}/x".format(*server.addresses[0]), b"der")

    run(play())


@pytest.mark.parametrize(("fetch", "asks", "answers"), CASES)
def test_silence_and_absence_are_errors(run, fetch: Fetch, asks: bytes, answers: bytes) -> None:
    async def play() -> None:
        async def handler(request: HttpRequest) -> HttpResponse:
            await asyncio.sleep(1)
            return HttpResponse(status=200)

        server = await serve(handler)
        url = "http://{}:{}/x".format(*server.addresses[0])
        with pytest.raises(FetchError):
            await fetch(url, b"der", read_s=0.1)
        await server.close(0)
        for place in (url, "not a url"):
            with pytest.raises(FetchError):
                await fetch(place, b"der")

    run(play())


def test_peers_answer_for_their_certificates(run) -> None:
    certs = [b"leaf", b"intermediate"]
    held = {DigestAlgorithm.SHA256.digest(der): b"good " + der for der in certs}

    async def play() -> list[bytes]:
        async def handler(request: HttpRequest) -> HttpResponse:
            return ocsp_answer(request.raw_query, held.get, method=request.method)

        async with await serve(handler) as server:
            host, port = server.addresses[0]
            answers = await fetch_peer_responses(host, port, certs)
            with pytest.raises(FetchError):
                await fetch_peer_responses(host, port, [*certs, b"unknown"])
        with pytest.raises(FetchError):
            await fetch_peer_responses(host, port, certs)
        return answers

    assert run(play()) == [b"good leaf", b"good intermediate"]


def test_too_few_answers_are_an_error(run) -> None:
    async def play() -> None:
        async def handler(request: HttpRequest) -> HttpResponse:
            first = request.raw_query.split(b"&")[0]
            return ocsp_answer(first, lambda digest: b"one")

        async with await serve(handler) as server:
            with pytest.raises(FetchError, match="1 OCSP responses for 2"):
                await fetch_peer_responses(*server.addresses[0], [b"a", b"b"])

    run(play())
