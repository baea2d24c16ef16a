import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from tests.fakes.scripted_server import DROP, Reply, ScriptedServer, fault, serving

from lienthong.exchange.connector import (
    Answer,
    AnswerTooLargeError,
    AsyncConnector,
    RestFault,
    SoapAnswer,
    SoapFault,
    SoapRequest,
    UnreachableError,
    soap_fault,
)
from lienthong.exchange.connector.soap import build_soap_call
from lienthong.exchange.identifiers import parse_client

pytestmark = pytest.mark.sockets

CLIENT = "VN/GOV/000.00.00.H10/onestop"
CITIZENS = "VN/GOV/000.00.00.G01/population/citizens"
NETWORK = fault("Server.ClientProxy.NetworkError")


def connector(server: ScriptedServer) -> AsyncConnector:
    async def sleep(seconds: float) -> None:
        assert seconds in {1.0, 2.0}

    return AsyncConnector(
        server.url, CLIENT, timeout=timedelta(seconds=5), pause=timedelta(seconds=1), body_limit=4096, sleep=sleep
    )


def call(server: ScriptedServer, method: str = "GET", path: str = "", **options: object) -> Answer:
    async def run() -> Answer:
        async with connector(server) as exchange:
            return await exchange.call(CITIZENS, method, path, **options)  # type: ignore[arg-type]  # handed on

    return asyncio.run(run())


def test_a_call_and_its_answer() -> None:
    reply = Reply(status=302, body="Đã nhận".encode(), headers=(("Location", "/x"), ("Content-Encoding", "gzip")))
    with serving(reply) as server:
        answer = call(server, "POST", "/a%2Fb", query={"q": "a b"}, body=b"abc", purpose="LAW:1, Điều 10", officer="an")
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("POST", f"/r1/{CITIZENS}/a%2Fb?q=a%20b", b"abc")
    assert asked.header("X-Road-Issue") == "LAW:1, Điều 10"
    assert asked.header("X-Road-Id") == answer.message_id
    assert {name.lower() for name, _ in asked.headers} == {
        "host",
        "content-length",
        "x-road-client",
        "x-road-id",
        "x-road-userid",
        "x-road-issue",
    }
    assert (answer.status, answer.text, answer.header("location")) == (302, "Đã nhận", "/x")


def test_a_refusal_is_raised_with_its_text() -> None:
    with serving(fault("server.serverproxy.access_denied", "not you")) as server:
        with pytest.raises(RestFault, match="not you"):
            call(server)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("method", "idempotent"), [("GET", False), ("HEAD", False), ("OPTIONS", False), ("POST", True)]
)
def test_harmless_calls_are_repeated_twice_under_one_id(method: str, *, idempotent: bool) -> None:
    with serving(DROP, NETWORK, NETWORK) as server, pytest.raises(RestFault):
        call(server, method, idempotent=idempotent)
    assert len(server.asked) == 3
    assert len({asked.header("X-Road-Id") for asked in server.asked}) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_never_more_than_two_repetitions(method: str) -> None:
    with serving(DROP, DROP, DROP, Reply()) as server, pytest.raises(UnreachableError):
        call(server, method)
    assert len(server.asked) == 3


def test_a_method_with_a_body_may_have_none() -> None:
    with serving() as server:
        call(server, "POST", body=None)
    assert server.asked[0].header("Content-Length") == "0"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_calls_are_sent_once_even_over_a_kept_connection(method: str) -> None:
    async def run(server: ScriptedServer) -> None:
        async with connector(server) as exchange:
            await exchange.call(CITIZENS)
            with pytest.raises(UnreachableError):
                await exchange.call(CITIZENS, method, body=b"x")

    with serving(Reply(), DROP, Reply()) as server:
        asyncio.run(run(server))
        assert [asked.method for asked in server.asked] == ["GET", method]


def test_nobody_listens() -> None:
    with serving() as server:
        pass
    with pytest.raises(UnreachableError):
        call(server)


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with serving(Reply(body=b"half", missing=4), Reply(body=b"whole")) as server:
        assert call(server).body == b"whole"


def test_a_large_answer_is_streamed() -> None:
    large = b"x" * 200_000

    async def run(server: ScriptedServer) -> bytes:
        async with connector(server) as exchange, exchange.stream(CITIZENS) as answer:
            return b"".join([chunk async for chunk in answer.chunks])

    with serving(Reply(body=large), Reply(body=large)) as server:
        assert asyncio.run(run(server)) == large
        with pytest.raises(AnswerTooLargeError):
            call(server)


async def pieces() -> AsyncIterator[bytes]:
    yield b"one "
    yield b"two"


def test_a_body_may_come_in_pieces() -> None:
    with serving() as server:
        call(server, "PUT", body=pieces())
        call(server, "PUT", body=[b"one ", b"two"])
    assert [asked.body for asked in server.asked] == [b"one two", b"one two"]


def test_a_connector_calls_while_it_is_open_only() -> None:
    async def run(server: ScriptedServer) -> None:
        await connector(server).call(CITIZENS)

    with serving() as server, pytest.raises(RuntimeError, match="async with"):
        asyncio.run(run(server))


GET_PERSON = "VN/GOV/000.00.00.G01/legacy/getPerson/v1"
ASKED = b'<getPerson xmlns="urn:vn:legacy"/>'


def call_soap(server: ScriptedServer, *, idempotent: bool = False) -> SoapAnswer:
    async def run() -> SoapAnswer:
        async with connector(server) as exchange:
            return await exchange.call_soap(GET_PERSON, ASKED, idempotent=idempotent)

    return asyncio.run(run())


def test_a_soap_call_is_repeated_and_answered() -> None:
    call = build_soap_call(parse_client(CLIENT), GET_PERSON, ASKED, {})
    content_type, body = SoapRequest.read("text/xml", bytes(call.body)).answer(b"<getPersonResponse/>")  # type: ignore[arg-type]
    down = Reply(body=soap_fault("server.clientproxy.network_error", "down")[1])
    with serving(down, Reply(headers=(("Content-Type", content_type),), body=body)) as server:
        assert call_soap(server, idempotent=True).body.tag == "getPersonResponse"
    first, second = server.asked
    assert (first.method, first.target, first.header("Content-Type")) == ("POST", "/", "text/xml; charset=UTF-8")
    assert first.body == second.body


def test_a_soap_fault_is_raised() -> None:
    with serving(Reply(body=soap_fault("SOAP-ENV:Client", "no")[1])) as server, pytest.raises(SoapFault, match="no"):
        call_soap(server)
