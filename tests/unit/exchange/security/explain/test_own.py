from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes import instance_seen as seen

from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.security.explain.facts import OwnFacts, RunningFacts
from lienthong.exchange.security.explain.own import (
    judge_authentication,
    judge_client,
    judge_connection,
    judge_own_configuration,
    judge_own_keys,
    judge_own_side,
    judge_registration,
    judge_running,
    judge_signer,
    judge_timestamping,
)
from lienthong.exchange.security.explain.verdicts import Outcome, Step
from lienthong.exchange.serverconf.settings import ClientStatus, ConnectionType

NOW = seen.NOW


def test_a_server_that_is_well_lets_everything_pass() -> None:
    facts = seen.own_facts()
    verdicts = [*judge_own_side(facts, seen.question()), *judge_own_keys(facts, seen.question())]
    verdicts.append(judge_registration(facts, seen.ONESTOP))
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PASSES}


@pytest.mark.parametrize(
    ("running", "reason"),
    [(None, "running.no"), (RunningFacts(workers=0, has_tsa=True), "running.no_workers")],
)
def test_nobody_answers(running: RunningFacts | None, reason: str) -> None:
    verdict = judge_running(seen.own_facts(running=running))
    assert (verdict.outcome, verdict.reason, verdict.fault_code) == (Outcome.REFUSES, reason, "")


def _with_client(facts: OwnFacts, **changed: object) -> OwnFacts:
    clients = tuple(
        replace(client, **changed) if client.id == seen.ONESTOP else client  # type: ignore[arg-type]
        for client in facts.settings.clients
    )
    return replace(facts, settings=replace(facts.settings, clients=clients))


def test_a_client_that_is_not_registered_here() -> None:
    facts = _with_client(seen.own_facts(), status=ClientStatus.SAVED)
    verdict = judge_client(facts.settings, seen.ONESTOP)
    assert (verdict.reason, verdict.fault_code) == ("client.status", "server.clientproxy.unknown_member")
    unknown = judge_client(facts.settings, seen.CITIZENS.client.member)
    assert (unknown.reason, unknown.fault_code) == ("client.unknown", "server.clientproxy.unknown_member")
    assert judge_connection(facts, seen.CITIZENS.client.member).outcome is Outcome.UNTRIED


@pytest.mark.parametrize(
    ("connection", "reason"),
    [
        (ConnectionType.HTTP, "connection.http"),
        (ConnectionType.HTTPS, "connection.no_https"),
        (ConnectionType.HTTPS_NO_AUTH, "connection.no_https"),
    ],
)
def test_how_systems_connect_without_an_https_key(connection: ConnectionType, reason: str) -> None:
    facts = _with_client(seen.own_facts(), connection_type=connection)
    assert judge_connection(facts, seen.ONESTOP).reason == reason


def test_how_systems_connect_with_an_https_key() -> None:
    facts = seen.own_facts()
    keys = replace(facts.settings.keys, internal_tls=facts.settings.keys.authentication)
    facts = replace(facts, settings=replace(facts.settings, keys=keys))
    assert judge_connection(facts, seen.POPULATION).reason == "connection.https"
    bare = _with_client(facts, connection_type=ConnectionType.HTTPS)
    assert judge_connection(bare, seen.ONESTOP).reason == "connection.no_certificates"
    free = _with_client(facts, connection_type=ConnectionType.HTTPS_NO_AUTH)
    assert judge_connection(free, seen.ONESTOP).reason == "connection.https_no_auth"


def test_a_configuration_that_is_absent_past_or_refused() -> None:
    absent = seen.own_facts(globalconf=None, snapshot=None, globalconf_problem="no file")
    past = seen.own_facts(conf=seen.globalconf(expires=NOW - timedelta(hours=2)))
    refused = seen.own_facts(snapshot=None, snapshot_problem="… with a test certificate profile; …")
    endless = seen.own_facts(conf=seen.globalconf(expires=None))
    verdicts = [judge_own_configuration(facts) for facts in (absent, past, refused, endless)]
    assert [verdict.reason.partition(".")[2] for verdict in verdicts] == ["absent", "expired", "refused", "endless"]
    assert {verdict.fault_code for verdict in verdicts[:3]} == {"server.clientproxy.global_conf_outdated"}
    assert verdicts[1].values["ago"] == timedelta(hours=2)


def test_keys_without_a_good_ocsp_answer() -> None:
    facts = seen.own_facts(responses=False)
    authentication = judge_authentication(facts)
    assert authentication.fault_code == "server.clientproxy.ssl_authentication_failed"
    assert "no OCSP answer" in str(authentication.values["detail"])
    signer = judge_signer(facts, seen.POPULATION, Step.SIGNER)
    assert (signer.reason, signer.fault_code) == ("signer.unusable", "server.clientproxy.internal_error")
    stranger = judge_signer(facts, ClientId("VN", "COM", "1"), Step.PROVIDER_SIGNER)
    assert (stranger.reason, stranger.fault_code) == (
        "signer.no_key",
        "server.serverproxy.service_failed.internal_error",
    )
    assert judge_registration(facts, seen.ONESTOP).outcome is Outcome.UNTRIED


def test_keys_that_cannot_be_read() -> None:
    facts = seen.own_facts(snapshot=None, snapshot_problem="password: No such file")
    assert judge_authentication(facts).reason == "keys.unreadable"
    assert judge_authentication(replace(facts, globalconf=None)).outcome is Outcome.UNTRIED


def test_a_certificate_that_ends_soon() -> None:
    late = seen.own_facts(now=NOW + timedelta(minutes=10))
    ends = seen.certificate("ss1").not_after
    assert judge_authentication(late).reason == "certificate.usable"
    snapshot = late.snapshot
    assert snapshot is not None
    assert snapshot.authentication is not None
    identity = replace(snapshot.authentication, usable_until=ends)
    soon = replace(late, now=ends - timedelta(days=3), snapshot=replace(snapshot, authentication=identity))
    verdict = judge_authentication(soon)
    assert (verdict.outcome, verdict.reason) == (Outcome.WARNS, "certificate.usable_soon_over")
    assert verdict.values["left"] == timedelta(days=3)


@pytest.mark.parametrize(
    ("running", "outcome", "fault_code"),
    [
        (None, Outcome.UNKNOWN, ""),
        (RunningFacts(workers=1, has_tsa=True), Outcome.PASSES, ""),
        (RunningFacts(workers=1, has_tsa=True, failing_since=NOW - timedelta(hours=3)), Outcome.WARNS, ""),
        (
            RunningFacts(workers=1, has_tsa=True, failing_since=NOW - timedelta(hours=5)),
            Outcome.REFUSES,
            "server.clientproxy.mlog.timestamping_failed",
        ),
        (
            RunningFacts(workers=1, has_tsa=False),
            Outcome.REFUSES,
            "server.clientproxy.mlog.no_timestamping_provider_found",
        ),
    ],
)
def test_timestamping(running: RunningFacts | None, outcome: Outcome, fault_code: str) -> None:
    verdict = judge_timestamping(seen.own_facts(running=running))
    assert (verdict.outcome, verdict.fault_code) == (outcome, fault_code)


def test_others_must_find_our_server_and_client_in_the_configuration() -> None:
    strange = seen.server(seen.OWN, "another", "127.0.1.1", seen.ONESTOP)
    verdict = judge_registration(seen.own_facts(conf=seen.globalconf(strange)), seen.ONESTOP)
    assert verdict.reason == "registration.certificate"
    without = seen.server(seen.OWN, "ss1", "127.0.1.1")
    verdict = judge_registration(seen.own_facts(conf=seen.globalconf(without)), seen.ONESTOP)
    assert verdict.reason == "registration.client"
    assert verdict.fault_code == "server.serverproxy.service_failed.ssl_authentication_failed"
