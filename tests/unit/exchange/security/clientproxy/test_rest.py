"""The consumer's side: nothing leaves before it is logged, and nothing is delivered that is not verified and logged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes import exchange_pair as world
from tests.fakes import instance_seen as seen
from tests.fakes.exchange_pair import Answered, Pair

from lienthong.exchange.errors import Fault
from lienthong.exchange.messagelog.record import BodyState, Side


def ask(pair: Pair, target: bytes = b"citizens/1", **asked: object) -> Answered:
    return asyncio.run(pair.call(target, **asked))  # type: ignore[arg-type]  # names of Pair.call


def test_a_call_is_logged_at_each_step_and_delivered(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    answered = ask(pair, b"pets/1", method="POST", body=b"question")
    assert answered.fault_code == "server.serverproxy.access_denied"
    answered = ask(pair, b"pets/pets/1")
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    kept = [(record.side, record.is_response) for record in pair.logged[1:]]
    assert kept == [(Side.CLIENT, False), (Side.SERVER, False), (Side.SERVER, True), (Side.CLIENT, True)]


def test_a_request_that_cannot_be_logged_is_not_sent(tmp_path: Path) -> None:
    pair = Pair(tmp_path, log_refuses=0)
    answered = ask(pair)
    assert answered.fault_code == "server.clientproxy.logging_failed"
    assert answered.status == 500
    assert pair.sent == []


def test_an_answer_that_cannot_be_logged_is_not_delivered(tmp_path: Path) -> None:
    pair = Pair(tmp_path, log_refuses=3)
    assert ask(pair).fault_code == "server.clientproxy.logging_failed"
    assert len(pair.asked) == 1


def test_nothing_passes_while_the_log_is_shut(tmp_path: Path) -> None:
    pair = Pair(tmp_path, gate=Fault("mlog.timestamping_failed", "since yesterday"))
    assert ask(pair).fault_code == "server.clientproxy.mlog.timestamping_failed"
    assert (pair.logged, pair.sent) == ([], [])


def test_a_server_that_may_not_answer_gets_nothing(tmp_path: Path) -> None:
    """Its certificate is registered nowhere, and no OCSP answer about it is to be had."""
    pair = Pair(tmp_path, peer_name="stranger")
    assert ask(pair).fault_code == "server.clientproxy.ssl_authentication_failed"
    assert pair.sent == []


@pytest.mark.parametrize("piece", [b'{"ok":true}', b"200\r\nOK", b"x-road-request-hash:"])
def test_an_answer_altered_on_the_way_is_not_delivered(tmp_path: Path, piece: bytes) -> None:
    pair = Pair(tmp_path, altered=lambda data: data.replace(piece, piece[:-1] + b"?", 1))
    answered = ask(pair)
    assert (answered.fault_code or "").startswith("server.clientproxy.signature_verification.")
    assert len(pair.logged) == 3


def test_an_answer_to_another_request_is_not_delivered(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    assert ask(pair).status == 200
    pair.altered = lambda _: pair.answers[0]
    assert ask(pair).fault_code == "server.clientproxy.inconsistent_response"
    assert len(pair.logged) == 4 + 3


def test_an_answer_cut_short_is_not_delivered(tmp_path: Path) -> None:
    pair = Pair(tmp_path, altered=lambda data: data[: len(data) // 3])
    assert ask(pair).status == 500
    assert len(pair.logged) == 3


def test_bodies_up_to_the_limit_of_the_log_pass_and_not_one_byte_more(tmp_path: Path) -> None:
    pair = Pair(tmp_path, own=world.snapshot_of("\n[limits]\nloggable_body_bytes = 11\n"))
    assert ask(pair, method="POST", body=b"0123456789a").fault_code is None
    assert pair.logged[0].body_state is BodyState.STORED
    assert ask(pair, method="POST", body=b"0123456789ab").fault_code == "server.clientproxy.logging_failed"
    assert len(pair.sent) == 1


def test_a_longer_body_may_be_logged_cut_short(tmp_path: Path) -> None:
    limits = "\n[limits]\nloggable_body_bytes = 11\ntruncated_body_allowed = true\n"
    pair = Pair(tmp_path, own=world.snapshot_of(limits))
    assert ask(pair, method="POST", body=b"0123456789ab").fault_code is None
    assert pair.logged[0].body_state is BodyState.TRUNCATED


def test_a_fault_of_the_other_server_is_passed_on_as_it_came(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    answered = ask(pair, b"nothing/1")
    assert answered.fault_code == "server.serverproxy.unknown_service"
    assert answered.message == "Unknown service: SERVICE:VN/GOV/000.00.00.G01/population/nothing"


def test_own_faults_are_spelt_as_the_settings_say(tmp_path: Path) -> None:
    own = world.snapshot_of()
    own = replace(own, settings=replace(own.settings, fault_spelling=type(own.settings.fault_spelling)("7.0")))
    assert ask(Pair(tmp_path, own=own, log_refuses=0)).fault_code == "Server.ClientProxy.LoggingFailed"


def test_a_server_without_a_usable_key_sends_nothing(tmp_path: Path) -> None:
    own = replace(world.snapshot_of(), authentication=None, authentication_problem="no OCSP answer")
    answered = ask(Pair(tmp_path, own=own))
    assert answered.fault_code == "server.clientproxy.ssl_authentication_failed"
    assert answered.message == "Security server has no authentication certificate"


def test_an_expired_configuration_stops_everything(tmp_path: Path) -> None:
    conf = seen.globalconf(expires=seen.NOW - timedelta(seconds=1))
    own = replace(world.snapshot_of(), globalconf=conf)
    assert ask(Pair(tmp_path, own=own)).fault_code == "server.clientproxy.global_conf_outdated"
