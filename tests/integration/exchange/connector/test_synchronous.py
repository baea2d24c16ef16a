from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.fakes.scripted_server import DROP, Reply, ScriptedServer, fault, serving

from lienthong.exchange.connector import (
    AnswerTooLargeError,
    Connector,
    RestFault,
    SoapAttachment,
    SoapFault,
    SoapRequest,
    UnreachableError,
    soap_fault,
)
from lienthong.exchange.connector.connections import IDLE_MAX
from lienthong.exchange.connector.soap import build_soap_call
from lienthong.exchange.identifiers import parse_client

pytestmark = pytest.mark.sockets

CLIENT = "VN/GOV/000.00.00.H10/onestop"
CITIZENS = "VN/GOV/000.00.00.G01/population/citizens"
GET_PERSON = "VN/GOV/000.00.00.G01/legacy/getPerson/v1"
ANSWERED = b'<getPersonResponse xmlns="urn:vn:legacy"/>'
NETWORK = fault("server.clientproxy.network_error")


class Pauses(list[float]):
    """Remembers how long it was asked to sleep."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def connector(server: ScriptedServer, pauses: Pauses | None = None, *, body_limit: int = 1024) -> Connector:
    return Connector(
        server.url,
        CLIENT,
        timeout=timedelta(seconds=5),
        pause=timedelta(seconds=1),
        body_limit=body_limit,
        sleep=pauses if pauses is not None else Pauses(),
    )


def test_a_call_and_its_answer() -> None:
    reply = Reply(
        status=201, body="Đã nhận".encode(), headers=(("X-Name", "một"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))
    )
    with serving(reply) as server:
        answer = connector(server).call(
            CITIZENS,
            "POST",
            "/search",
            query={"q": "1"},
            headers={"Content-Type": "text/plain"},
            body=b"abc",
            purpose="LAW:26/2023/QH15, Điều 10",
            officer="an",
        )
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("POST", f"/r1/{CITIZENS}/search?q=1", b"abc")
    assert asked.header("X-Road-Client") == CLIENT
    assert asked.header("X-Road-Issue") == "LAW:26/2023/QH15, Điều 10"
    assert asked.header("X-Road-UserId") == "an"
    assert asked.header("X-Road-Id") == answer.message_id
    assert asked.header("Accept-Encoding") is None
    assert (answer.status, answer.text) == (201, "Đã nhận")
    assert answer.header("x-name") == "một"
    assert [value for name, value in answer.headers if name == "Set-Cookie"] == ["a", "b"]


def test_a_refusal_is_raised_with_its_text() -> None:
    with (
        serving(fault("server.serverproxy.access_denied", "Purpose required: …")) as server,
        pytest.raises(RestFault, match="Purpose required") as caught,
    ):
        connector(server).call(CITIZENS)
    assert caught.value.code == "server.serverproxy.access_denied"
    assert caught.value.detail == "d-1"
    assert len(server.asked) == 1


def test_an_error_of_the_service_itself_is_an_answer() -> None:
    with serving(Reply(status=404)) as server:
        assert connector(server).call(CITIZENS).status == 404


REPEATED = [("GET", False), ("HEAD", False), ("OPTIONS", False), ("POST", True)]


@pytest.mark.parametrize(("method", "idempotent"), REPEATED)
def test_harmless_calls_are_repeated_twice_under_one_id(method: str, *, idempotent: bool) -> None:
    pauses = Pauses()
    with serving(DROP, NETWORK, Reply()) as server:
        assert connector(server, pauses).call(CITIZENS, method, idempotent=idempotent).status == 200
    assert len(server.asked) == 3
    assert len({asked.header("X-Road-Id") for asked in server.asked}) == 1
    assert pauses == [1.0, 2.0]


def test_after_two_repetitions_the_last_refusal_stands() -> None:
    with serving(NETWORK, NETWORK, NETWORK) as server, pytest.raises(RestFault, match="network_error"):
        connector(server).call(CITIZENS)
    assert len(server.asked) == 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("reply", [DROP, NETWORK])
def test_other_calls_are_sent_once(method: str, reply: Reply) -> None:
    with serving(reply) as server, pytest.raises((RestFault, UnreachableError)):
        connector(server).call(CITIZENS, method, body=b"x")
    assert len(server.asked) == 1


def test_nobody_listens() -> None:
    with serving() as server:
        pass
    pauses = Pauses()
    with pytest.raises(UnreachableError) as caught:
        connector(server, pauses).call(CITIZENS, message_id="VN-7")
    assert caught.value.message_id == "VN-7"
    assert len(pauses) == 2


def test_an_answer_that_breaks_off_is_no_answer() -> None:
    with serving(Reply(body=b"half", missing=4), Reply(body=b"whole")) as server:
        assert connector(server).call(CITIZENS).body == b"whole"


def test_a_large_answer_is_streamed() -> None:
    large = b"x" * 200_000
    with serving(Reply(body=large), Reply(body=large)) as server:
        with pytest.raises(AnswerTooLargeError):
            connector(server).call(CITIZENS)
        with connector(server).stream(CITIZENS) as answer:
            assert answer.status == 200
            assert b"".join(answer.chunks) == large


def test_a_streamed_answer_tells_where_it_breaks_off() -> None:
    with (
        serving(Reply(body=b"half", missing=4)) as server,
        pytest.raises(UnreachableError),
        connector(server).stream(CITIZENS) as answer,
    ):
        list(answer.chunks)


def pieces() -> Iterator[bytes]:
    yield b"one "
    yield b"two"


def test_a_body_may_come_in_pieces_and_is_then_sent_once() -> None:
    with serving(Reply(), NETWORK) as server:
        connector(server).call(CITIZENS, "PUT", body=pieces(), idempotent=True)
        assert server.asked[0].body == b"one two"
        with pytest.raises(RestFault):
            connector(server).call(CITIZENS, "PUT", body=pieces(), idempotent=True)
    assert len(server.asked) == 2


async def later() -> object:
    yield b"never"


def test_an_asynchronous_body_is_refused() -> None:
    with serving() as server, pytest.raises(TypeError, match="AsyncConnector"):
        connector(server).call(CITIZENS, "PUT", body=later())


def test_https_needs_a_context_that_knows_the_server() -> None:
    with serving() as server, pytest.raises(UnreachableError):
        Connector(server.url.replace("http:", "https:"), CLIENT, pause=timedelta(), sleep=Pauses()).call(CITIZENS)


def test_calls_share_a_connection() -> None:
    with (
        serving(Reply(), Reply(status=204, body=b""), fault("server.x"), Reply()) as server,
        connector(server) as calls,
    ):
        calls.call(CITIZENS)
        calls.call(CITIZENS, "HEAD")
        with pytest.raises(RestFault):
            calls.call(CITIZENS, "POST", body=b"x")
        with calls.stream(CITIZENS) as answer:
            list(answer.chunks)
    assert len(server.asked) == 4
    assert len(server.peers) == 1


def test_a_connection_that_the_server_ended_is_opened_anew() -> None:
    with serving(Reply(), Reply(), close_after_each=True) as server, connector(server) as calls:
        calls.call(CITIZENS)
        assert server.closed.acquire(timeout=5)
        assert calls.call(CITIZENS, "POST", body=b"x").status == 200
    assert len(server.asked) == len(server.peers) == 2


def test_a_connection_that_was_silent_for_long_is_not_used_again() -> None:
    now = [0.0]
    with serving() as server, Connector(server.url, CLIENT, clock=lambda: now[0]) as calls:
        calls.call(CITIZENS)
        now[0] = IDLE_MAX.total_seconds()
        calls.call(CITIZENS)
    assert len(server.peers) == 2


def test_an_answer_that_was_not_read_to_its_end_ends_its_connection() -> None:
    with serving(Reply(body=b"x" * 200_000)) as server, connector(server) as calls:
        with calls.stream(CITIZENS) as answer:
            next(answer.chunks)
        assert calls.call(CITIZENS).status == 200
    assert len(server.peers) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_calls_are_sent_once_even_over_a_kept_connection(method: str) -> None:
    with serving(Reply(), DROP, Reply()) as server, connector(server) as calls:
        calls.call(CITIZENS)
        with pytest.raises(UnreachableError):
            calls.call(CITIZENS, method, body=b"x")
    assert [asked.method for asked in server.asked] == ["GET", method]
    assert len(server.peers) == 1


@pytest.mark.parametrize(("method", "idempotent"), REPEATED)
def test_harmless_calls_are_repeated_when_a_kept_connection_breaks(method: str, *, idempotent: bool) -> None:
    with serving(Reply(), DROP, Reply()) as server, connector(server) as calls:
        calls.call(CITIZENS)
        assert calls.call(CITIZENS, method, idempotent=idempotent).status == 200
    assert len({asked.header("X-Road-Id") for asked in server.asked[1:]}) == 1
    assert len(server.asked) == 3


def test_threads_share_a_connector_and_never_a_connection() -> None:
    with serving() as server, connector(server) as calls, ThreadPoolExecutor(12) as threads:
        ids = [f"VN-{number}" for number in range(120)]
        answers = list(threads.map(lambda known: calls.call(CITIZENS, message_id=known), ids))
        assert [answer.message_id for answer in answers] == ids
        assert sorted(asked.header("X-Road-Id") for asked in server.asked) == sorted(ids)
        assert len(server.peers) <= 120


def test_a_method_with_a_body_may_have_none() -> None:
    with serving() as server:
        connector(server).call(CITIZENS, "POST", body=None)
    assert server.asked[0].header("Content-Length") == "0"
    assert server.asked[0].header("Transfer-Encoding") is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_never_more_than_two_repetitions(method: str) -> None:
    with serving(DROP, DROP, DROP, Reply()) as server, pytest.raises(UnreachableError):
        connector(server).call(CITIZENS, method)
    assert len(server.asked) == 3


ASKED = b'<getPerson xmlns="urn:vn:legacy"/>'
NETWORK_FAULT = Reply(body=soap_fault("server.clientproxy.network_error", "down")[1])


def soap_reply(*attachments: SoapAttachment) -> Reply:
    call = build_soap_call(parse_client(CLIENT), GET_PERSON, ASKED, {"message_id": "VN-1"})
    content_type, body = SoapRequest.read("text/xml", bytes(call.body)).answer(ANSWERED, *attachments)  # type: ignore[arg-type]
    return Reply(headers=(("Content-Type", content_type),), body=body)


def test_a_soap_call_and_its_answer() -> None:
    file = SoapAttachment(content_id="a", body=b"abc")
    with serving(soap_reply(file)) as server:
        answer = connector(server, body_limit=4096).call_soap(GET_PERSON, ASKED, officer="an", message_id="VN-1")
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("POST", "/")
    assert (asked.header("Content-Type"), asked.header("SOAPAction")) == ("text/xml; charset=UTF-8", '""')
    assert ASKED in asked.body
    assert (answer.body.tag, answer.message_id) == ("{urn:vn:legacy}getPersonResponse", "VN-1")
    assert answer.attachments == (file,)


def test_a_soap_call_that_may_be_repeated_is() -> None:
    pauses = Pauses()
    with serving(NETWORK_FAULT, soap_reply()) as server:
        connector(server, pauses, body_limit=4096).call_soap(GET_PERSON, ASKED, idempotent=True)
    first, second = server.asked
    assert first.body == second.body
    assert pauses == [1.0]


def test_a_soap_fault_is_raised() -> None:
    with serving(NETWORK_FAULT) as server, pytest.raises(SoapFault, match="down"):
        connector(server, body_limit=4096).call_soap(GET_PERSON, ASKED)
    assert len(server.asked) == 1
