from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.connector.requests import (
    Body,
    Call,
    Consumer,
    build_call,
    choose_message_id,
    parse_service,
)
from lienthong.exchange.identifiers import ClientId, IdentifierError, ServiceId

ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
CITIZENS = ServiceId(ClientId("VN", "GOV", "000.00.00.G01", "population"), "citizens")
PREFIX = "/r1/VN/GOV/000.00.00.G01/population/citizens"


def consumer(url: str = "http://127.0.0.1:8080/", client: ClientId | str = ONESTOP) -> Consumer:
    return Consumer.create(url, client, timeout=timedelta(seconds=1), pause=timedelta(seconds=1), body_limit=1)


def test_services_are_written_as_people_write_them() -> None:
    assert parse_service("VN/GOV/000.00.00.G01/population/citizens") == CITIZENS


@pytest.mark.parametrize("text", ["", "citizens", "VN/GOV/1/s/", "VN/GOV/1/s/x/y"])
def test_what_is_no_service_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_service(text)


TARGETS = [
    ("", (), PREFIX),
    ("/", (), f"{PREFIX}/"),
    ("001", (), f"{PREFIX}/001"),
    ("/a%2Fb", (), f"{PREFIX}/a%2Fb"),
    ("/họ tên?", (), f"{PREFIX}/h%E1%BB%8D%20t%C3%AAn%3F"),
    ("/x", {"q": "a b&c", "đ": "1"}, f"{PREFIX}/x?q=a%20b%26c&%C4%91=1"),
    ("/x", [("q", "1"), ("q", "2")], f"{PREFIX}/x?q=1&q=2"),
]


@pytest.mark.parametrize(("path", "query", "target"), TARGETS)
def test_targets(path: str, query: dict[str, str] | list[tuple[str, str]], target: str) -> None:
    assert Call(service=CITIZENS, path=path, query=query).target() == target


def test_identifiers_are_encoded_in_the_target() -> None:
    service = ServiceId(ClientId("VN", "GOV", "1", "một cửa"), "a/b")
    assert Call(service=service).target() == "/r1/VN/GOV/1/m%E1%BB%99t%20c%E1%BB%ADa/a%2Fb"


def test_headers_of_the_exchange_come_last_and_once() -> None:
    call = Call(
        service=CITIZENS,
        headers=[("Accept", "*/*"), ("x-road-client", "VN/GOV/9/forged"), ("X-ROAD-ISSUE", "old")],
        purpose="LAW:26/2023/QH15, Điều 10",
        officer="an",
    )
    assert call.header_list(ONESTOP, "VN-1") == [
        ("Accept", "*/*"),
        ("X-Road-Client", "VN/GOV/000.00.00.H10/onestop"),
        ("X-Road-Id", "VN-1"),
        ("X-Road-UserId", "an"),
        ("X-Road-Issue", "LAW:26/2023/QH15, Điều 10"),
    ]
    assert Call(service=CITIZENS, headers={"Accept": "a/b"}).header_list(ONESTOP, "1")[0] == ("Accept", "a/b")


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0"])
def test_a_line_break_in_a_header_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="line break"):
        Call(service=CITIZENS, purpose=value).header_list(ONESTOP, "1")


ATTEMPTS = [
    ("GET", {}, 3),
    ("HEAD", {}, 3),
    ("OPTIONS", {}, 3),
    ("POST", {}, 1),
    ("PUT", {}, 1),
    ("DELETE", {}, 1),
    ("POST", {"idempotent": True}, 3),
    ("POST", {"idempotent": True, "body": [b"once"]}, 1),
]


@pytest.mark.parametrize(("method", "options", "attempts"), ATTEMPTS)
def test_only_what_does_no_harm_is_repeated(method: str, options: dict[str, object], attempts: int) -> None:
    assert build_call(CITIZENS, method.lower(), "", options).attempts == attempts  # type: ignore[arg-type]  # a table


def test_every_call_has_an_id_of_its_own() -> None:
    call = Call(service=CITIZENS)
    first, second = choose_message_id(call, ONESTOP), choose_message_id(call, ONESTOP)
    assert first != second
    assert first.startswith("VN-")
    assert choose_message_id(Call(service=CITIZENS, message_id="mine"), ONESTOP) == "mine"


@pytest.mark.parametrize("url", ["", "127.0.0.1:8080", "ftp://h", "http://", "http://u:p@h", "http://h/?x"])
def test_addresses_of_security_servers(url: str) -> None:
    with pytest.raises(ValueError, match="address of a security server"):
        consumer(url)


def test_consumers_are_read_once() -> None:
    assert consumer(client="VN/GOV/000.00.00.H10/onestop") == consumer()
    assert consumer().base_url == "http://127.0.0.1:8080"
    assert [consumer().pause_before(attempt) for attempt in (1, 2)] == [1.0, 2.0]


@given(st.text(max_size=30))
def test_any_path_makes_a_clean_target(path: str) -> None:
    try:
        target = Call(service=CITIZENS, path=path).target()
    except UnicodeEncodeError:
        return
    assert target.isascii()
    assert not set(target) & set(' \r\n?#"<>')


@pytest.mark.parametrize(
    ("given", "sent"), [(None, b""), (bytearray(b"ab"), b"ab"), (memoryview(b"ab"), b"ab"), (b"ab", b"ab")]
)
def test_a_body_that_is_whole_is_bytes(given: Body | None, sent: bytes) -> None:
    call = build_call(CITIZENS, "POST", "", {"body": given, "idempotent": True})
    assert (call.body, call.attempts) == (sent, 3)


@pytest.mark.parametrize("given", ["text", {"a": "b"}])
def test_a_body_that_nobody_encoded_is_refused(given: Body) -> None:
    with pytest.raises(TypeError, match="encode it first"):
        build_call(CITIZENS, "POST", "", {"body": given})
