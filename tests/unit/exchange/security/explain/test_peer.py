from datetime import timedelta

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes import pki

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.explain.facts import PeerFacts
from lienthong.exchange.security.explain.peer import judge_clock, judge_peer, judge_peers
from lienthong.exchange.security.explain.verdicts import Outcome, Step, Verdict
from lienthong.exchange.security.peers import PeerEvidence, PeerJudge
from lienthong.trust.ocsp import Status

NOW = seen.NOW
SHOWN = seen.certificate("ss2")


def _judged(peer: PeerFacts) -> dict[Step, Verdict]:
    return {verdict.step: verdict for verdict in judge_peer(seen.globalconf(), seen.POPULATION, peer)}


PEERS = {
    "good": (seen.peer_facts(), None),
    "unregistered": (seen.peer_facts("nobody"), "certificate.unregistered"),
    "of a stranger's authority": (
        seen.peer_facts(chain_der=(pki.certificate(pki.CA, [(pki.CN, "x")], pki.key("x")).der,)),
        "certificate.issuer",
    ),
    "for signing": (seen.peer_facts(chain_der=(seen.certificate("ss2", signs=True).der,)), "certificate.usage"),
    "past": (seen.peer_facts(asked_at=SHOWN.not_after + timedelta(days=1)), "certificate.expired"),
    "not yet": (seen.peer_facts(asked_at=SHOWN.not_before - timedelta(days=1)), "certificate.path"),
    "no certificate at all": (seen.peer_facts(chain_der=(b"x",)), "certificate.unreadable"),
    "stale": (seen.peer_facts(ocsp_responses=(seen.answer(SHOWN, at=NOW - timedelta(hours=3)),)), "ocsp.bad"),
    "revoked": (seen.peer_facts(ocsp_responses=(seen.answer(SHOWN, status=Status.REVOKED),)), "ocsp.bad"),
    "answer missing": (seen.peer_facts(ocsp_responses=()), "ocsp.bad"),
    "answer broken": (seen.peer_facts(ocsp_responses=(b"x",)), "ocsp.bad"),
    "port shut": (seen.peer_facts(ocsp_responses=(), ocsp_problem="refused"), "ocsp.none"),
}


@pytest.mark.parametrize("name", PEERS)
def test_the_verdict_is_the_one_a_message_would_meet(name: str) -> None:
    peer, reason = PEERS[name]
    refused = [v.reason for v in _judged(peer).values() if v.outcome is Outcome.REFUSES]
    snapshot = seen.own_facts().snapshot
    assert snapshot is not None
    evidence = PeerEvidence(peer.chain_der, peer.ocsp_responses)
    try:
        PeerJudge().judge_provider(snapshot, seen.POPULATION, evidence, at=peer.asked_at)
    except Fault:
        assert refused[0] == reason
    else:
        assert (refused, reason) == ([], None)


def test_a_server_that_does_not_serve_the_provider() -> None:
    verdicts = judge_peer(seen.globalconf(), seen.ONESTOP, seen.peer_facts())
    (refused,) = [verdict for verdict in verdicts if verdict.outcome is Outcome.REFUSES]
    assert (refused.reason, refused.fault_code) == (
        "certificate.other_server",
        "server.clientproxy.ssl_authentication_failed",
    )


def test_nothing_can_be_tried_on_a_server_that_is_not_reached() -> None:
    nothing = {"chain_der": (), "ocsp_responses": ()}
    verdicts = _judged(seen.peer_facts(connect_problem="Connection refused", **nothing))
    assert verdicts.pop(Step.REACHABLE).fault_code == "server.clientproxy.network_error"
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.UNTRIED}
    nameless = _judged(seen.peer_facts(connect_problem="Name or service not known", **nothing))
    assert nameless[Step.REACHABLE].fault_code == "server.clientproxy.unknown_host"


@pytest.mark.parametrize(
    ("changed", "outcome", "reason"),
    [
        ({}, Outcome.PASSES, "handshake.good"),
        ({"showed_own_certificate": False}, Outcome.PASSES, "handshake.anonymous"),
        ({"showed_own_certificate": False, "handshake_problem": "x"}, Outcome.UNKNOWN, "handshake.refused_stranger"),
        ({"handshake_problem": "x"}, Outcome.REFUSES, "handshake.refused"),
        ({"handshake_problem": "x", "chain_der": ()}, Outcome.REFUSES, "handshake.no_tls"),
    ],
)
def test_handshakes(changed: dict[str, object], outcome: Outcome, reason: str) -> None:
    verdict = _judged(seen.peer_facts(**changed))[Step.HANDSHAKE]
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"clock": NOW + timedelta(seconds=30)}, "clock.good"),
        ({"clock": NOW + timedelta(minutes=5)}, "clock.ahead"),
        ({"clock": NOW - timedelta(minutes=5)}, "clock.behind"),
        ({}, "clock.not_ahead"),
        ({"asked_at": NOW - timedelta(days=1)}, "clock.ahead"),
        ({"ocsp_responses": ()}, "clock.unknown"),
        ({"ocsp_responses": (b"x",)}, "clock.not_ahead"),
        ({"connect_problem": "x"}, "untried"),
    ],
)
def test_clocks(changed: dict[str, object], reason: str) -> None:
    assert judge_clock(seen.peer_facts(**changed)).reason == reason


def test_one_good_server_is_enough() -> None:
    bad = seen.peer_facts(connect_problem="refused", chain_der=(), ocsp_responses=())
    both = judge_peers(seen.globalconf(), seen.POPULATION, [bad, seen.peer_facts()])
    assert not [verdict for verdict in both if verdict.outcome is Outcome.REFUSES]
    assert [verdict.step for verdict in both if verdict.outcome is Outcome.WARNS] == [Step.REACHABLE]
    alone = judge_peers(seen.globalconf(), seen.POPULATION, [bad])
    assert [verdict.step for verdict in alone if verdict.outcome is Outcome.REFUSES] == [Step.REACHABLE]
    assert {verdict.outcome for verdict in judge_peers(seen.globalconf(), seen.POPULATION, [])} == {Outcome.UNTRIED}
