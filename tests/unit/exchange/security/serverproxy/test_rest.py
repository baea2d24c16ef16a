"""The provider's side: no service is called for a message that is not allowed, verified and logged."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from tests.fakes import exchange_pair as world
from tests.fakes.exchange_pair import Answered, Pair


def ask(pair: Pair, target: bytes = b"citizens/1", **asked: object) -> Answered:
    return asyncio.run(pair.call(target, **asked))  # type: ignore[arg-type]  # names of Pair.call


def is_bare_fault(answer: bytes) -> bool:
    return answer.startswith(b"<?xml")


def test_no_service_is_called_for_a_request_that_cannot_be_logged(tmp_path: Path) -> None:
    pair = Pair(tmp_path, log_refuses=1)
    assert ask(pair).fault_code == "server.serverproxy.logging_failed"
    assert pair.asked == []
    assert is_bare_fault(pair.answers[0])


def test_an_answer_that_cannot_be_logged_does_not_leave(tmp_path: Path) -> None:
    """By then the answer is a multipart, so the fault is its only part."""
    pair = Pair(tmp_path, log_refuses=2)
    assert ask(pair).fault_code == "server.serverproxy.logging_failed"
    assert pair.answers[0].count(b"content-type:") == 1
    assert b"ok" not in pair.answers[0]


def test_personal_data_without_a_purpose_is_refused_before_the_service(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    answered = ask(pair, headers=())
    assert answered.fault_code == "server.serverproxy.access_denied"
    assert answered.message.startswith("Purpose required:")
    assert pair.asked == []
    assert is_bare_fault(pair.answers[0])


def test_a_disabled_service_tells_only_those_with_a_right(tmp_path: Path) -> None:
    answered = ask(Pair(tmp_path), b"off/1")
    assert answered.fault_code == "server.serverproxy.service_disabled"
    assert answered.message.endswith("Bảo trì đến 18 giờ")


def test_redirects_pass_through(tmp_path: Path) -> None:
    pair = Pair(tmp_path, service_answer=lambda _: world.answer_with(b"", (b"Location", b"/elsewhere"), status=302))
    answered = ask(pair)
    assert (answered.status, answered.headers["location"]) == (302, "/elsewhere")
    assert len(pair.asked) == 1


def test_a_compressed_answer_is_undone_before_it_is_signed(tmp_path: Path) -> None:
    packed = world.answer_with(gzip.compress(b"plain"), (b"Content-Encoding", b"gzip"))
    answered = ask(Pair(tmp_path, service_answer=lambda _: packed))
    assert answered.body == b"plain"
    assert "content-encoding" not in answered.headers


@pytest.mark.parametrize("spoilt", [gzip.compress(b"plain", mtime=0)[:-9], b"not gzip"])
def test_a_spoilt_compressed_answer_is_refused(tmp_path: Path, spoilt: bytes) -> None:
    packed = world.answer_with(spoilt, (b"Content-Encoding", b"gzip"))
    assert ask(Pair(tmp_path, service_answer=lambda _: packed)).fault_code == "server.serverproxy.io_error"


def test_a_service_is_told_nothing_of_the_hop(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    ask(pair, headers=(*world.OFFICER, (b"User-Agent", b"curl"), (b"Host", b"ss1")))
    names = [name.lower() for name, _ in pair.asked[0].headers]
    assert names == [
        b"x-road-client", b"x-road-userid", b"x-road-issue", b"x-road-request-id", b"x-road-id", b"accept-encoding",
    ]  # fmt: skip


def test_what_a_service_says_in_our_name_is_dropped(tmp_path: Path) -> None:
    forged = world.answer_with(b"", (b"x-road-request-hash", b"AAAA"), (b"X-Road-Id", b"other"))
    answered = ask(Pair(tmp_path, service_answer=lambda _: forged))
    assert answered.status == 200
    assert answered.headers["x-road-id"] != "other"


def test_nothing_of_one_message_reaches_the_next(tmp_path: Path) -> None:
    pair = Pair(tmp_path, service_answer=lambda _: world.answer_with(b"", (b"Set-Cookie", b"a=b")))
    ask(pair)
    ask(pair)
    first, second = ([name for name, _ in call.headers] for call in pair.asked)
    assert first == second


def test_long_bodies_go_through_the_spool_both_ways(tmp_path: Path) -> None:
    large = bytes(range(256)) * 1024
    pair = Pair(tmp_path, service_answer=lambda _: world.answer_with(large))
    answered = ask(pair, method="POST", body=large[::-1])
    assert answered.body == large
    assert list(tmp_path.iterdir()) == []


def test_metaservices_need_no_right(tmp_path: Path) -> None:
    answered = ask(Pair(tmp_path), b"listMethods", headers=())
    assert answered.status == 200
    assert b'"service_code":"citizens"' in answered.body
