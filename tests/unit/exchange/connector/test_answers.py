import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.connector.answers import Answer, AnswerTooLargeError, find_header, gather, read_fault
from lienthong.exchange.errors import Fault

CODE = "server.serverproxy.access_denied"


def test_an_answer_is_read_in_many_ways() -> None:
    answer = Answer(status=200, headers=(("A", "1"), ("a", "2")), body='{"tên": "An"}'.encode(), message_id="1")
    assert answer.header("A") == "2"
    assert answer.header("B", "none") == "none"
    assert answer.json() == {"tên": "An"}
    assert answer.text == '{"tên": "An"}'
    assert "tên" not in repr(answer)


def test_the_last_header_counts() -> None:
    assert find_header([("X", "1"), ("x", "2")], "X") == "2"
    assert find_header([], "X") is None


FAULTS = [
    (b'{"type":"t","message":"m","detail":"d"}', "m", "d"),
    (b"<error><type>t</type><message>m</message><detail>d</detail></error>", "m", "d"),
    (b'<!DOCTYPE error [<!ENTITY x "m">]><error><message>&x;</message></error>', "no text given", ""),
    (b"[]", "no text given", ""),
    (b"", "no text given", ""),
    (b"\xff\xfe", "no text given", ""),
    (b'{"message": null}', "no text given", ""),
]


@pytest.mark.parametrize(("body", "message", "detail"), FAULTS)
def test_faults_are_read_from_json_and_xml(body: bytes, message: str, detail: str) -> None:
    fault = read_fault(CODE, body, status=500, message_id="VN-1")
    assert isinstance(fault, Fault)
    assert (fault.code, fault.message, fault.detail) == (CODE, message, detail)
    assert (fault.status, fault.message_id) == (500, "VN-1")


RETRYABLE = [
    ("server.clientproxy.network_error", True),
    ("server.serverproxy.io_error", True),
    ("Server.ClientProxy.NetworkError", True),
    ("Server.ServerProxy.IOError", True),
    (CODE, False),
    ("server.clientproxy.unknown_host", False),
    ("server.serverproxy.io_error.inner", False),
]


@pytest.mark.parametrize(("code", "expected"), RETRYABLE)
def test_what_may_pass_a_moment_later(code: str, *, expected: bool) -> None:
    assert read_fault(code, b"", status=500, message_id="1").is_retryable is expected


def test_a_body_has_a_limit() -> None:
    assert gather([b"ab", b"c"], limit=3) == b"abc"
    with pytest.raises(AnswerTooLargeError):
        gather([b"ab", b"cd"], limit=3)


@given(st.binary(max_size=60))
def test_any_body_of_a_fault_is_survived(body: bytes) -> None:
    assert read_fault(CODE, body, status=500, message_id="1").code == CODE


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000])
def test_a_body_nested_without_end_is_survived(body: bytes) -> None:
    assert read_fault("server.x", body, status=500, message_id="m").message == "no text given"
    with pytest.raises(ValueError, match="deep"):
        Answer(status=200, headers=(), body=body, message_id="m").json()
