from dataclasses import replace

import pytest
from tests.fakes import instance_seen as seen

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.model import MaintenanceMode
from lienthong.exchange.identifiers import ClientId, SecurityServerId, ServiceId
from lienthong.exchange.security.addresses import select_addresses
from lienthong.exchange.security.explain.provider import (
    candidates,
    judge_maintenance,
    judge_provider,
    judge_provider_side,
)
from lienthong.exchange.security.explain.verdicts import Outcome, Question, Step, Verdict
from lienthong.exchange.serverconf.access import Interface
from lienthong.exchange.serverconf.settings import ClientStatus

NOWHERE = SecurityServerId(seen.MEMBER, "ss9")
IN_MAINTENANCE = MaintenanceMode(message="Đến 18 giờ")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (seen.question(), "provider.good"),
        (seen.question(target=seen.OTHER), "provider.good"),
        (seen.question(target=NOWHERE), "provider.target"),
        (seen.question(ServiceId(ClientId("EE", "GOV", "1"), "x")), "provider.instance"),
        (seen.question(ServiceId(ClientId("VN", "GOV", "1"), "x")), "provider.unknown"),
        (seen.question(ServiceId(ClientId("VN", "GOV", "000.00.00.G01", "homeless"), "x")), "provider.no_server"),
    ],
)
def test_finding_the_provider_as_a_message_would(question: Question, reason: str) -> None:
    conf = seen.globalconf()
    verdict = judge_provider(conf, question)
    assert verdict.reason == reason
    try:
        addresses = select_addresses(conf, question.service, question.target)
    except Fault as fault:
        assert verdict.fault_code == fault.prefixed("server.clientproxy").code
        assert judge_maintenance(conf, question).outcome is Outcome.UNTRIED
    else:
        assert addresses == tuple(address for _, address in candidates(conf, question))


def test_maintenance() -> None:
    own, other = (
        seen.server(seen.OWN, "ss1", "127.0.1.1", seen.POPULATION),
        seen.server(seen.OTHER, "ss2", "127.0.1.2", seen.POPULATION),
    )
    resting = replace(other, maintenance=IN_MAINTENANCE)
    assert judge_maintenance(seen.globalconf(own, other), seen.question()).outcome is Outcome.PASSES
    some = judge_maintenance(seen.globalconf(own, resting), seen.question())
    assert (some.outcome, some.values) == (Outcome.WARNS, {"count": 1, "total": 2})
    every = judge_maintenance(seen.globalconf(resting), seen.question())
    assert (every.fault_code, every.values["message"]) == ("server.clientproxy.maintenance_mode", "Đến 18 giờ")


def _by_step(question: Question) -> dict[Step, Verdict]:
    return {verdict.step: verdict for verdict in judge_provider_side(seen.own_facts(), question)}


LEGACY = ClientId("VN", "GOV", "000.00.00.G01", "legacy")


@pytest.mark.parametrize(
    ("service", "interface", "reason"),
    [
        (ServiceId(LEGACY, "getPerson", "v1"), Interface.SOAP, "service.good"),
        (ServiceId(LEGACY, "getPerson", "v9"), Interface.SOAP, "service.unknown_service"),
        (ServiceId(LEGACY, "getPerson", "v1"), Interface.REST, "service.service_type"),
        (ServiceId(seen.POPULATION, "pets"), Interface.SOAP, "service.service_type_rest"),
    ],
)
def test_soap_is_told_from_rest(service: ServiceId, interface: Interface, reason: str) -> None:
    verdicts = _by_step(seen.question(service, interface=interface))
    assert verdicts[Step.SERVICE].reason == reason


@pytest.mark.parametrize(
    ("code", "changed", "refusing", "reason", "fault_code"),
    [
        ("citizens", {}, None, "", ""),
        ("nothing", {}, Step.SERVICE, "service.unknown_service", "unknown_service"),
        ("partial", {"path": "/other"}, Step.ACCESS, "access.access_denied_here", "access_denied"),
        ("partial", {"path": "/allowed/1"}, None, "", ""),
        ("off", {}, Step.DISABLED, "disabled.service_disabled", "service_disabled"),
        ("citizens", {"officer": None, "purpose": None}, Step.PURPOSE, "purpose.missing", "access_denied"),
        ("citizens", {"purpose": "vì tôi muốn"}, Step.PURPOSE, "purpose.wrong", "access_denied"),
        ("listMethods", {}, None, "", ""),
    ],
)
def test_what_this_very_server_would_say_as_the_provider(
    code: str, changed: dict[str, object], refusing: Step | None, reason: str, fault_code: str
) -> None:
    verdicts = _by_step(seen.question(ServiceId(seen.POPULATION, code), **changed))
    refused = [verdict for verdict in verdicts.values() if verdict.outcome is Outcome.REFUSES]
    if refusing is None:
        assert refused == []
        return
    assert [(v.step, v.reason, v.fault_code) for v in refused] == [
        (refusing, reason, f"server.serverproxy.{fault_code}")
    ]


def test_a_client_without_any_right() -> None:
    denied = _by_step(seen.question(client=seen.MEMBER))[Step.ACCESS]
    assert (denied.outcome, denied.reason) == (Outcome.REFUSES, "access.access_denied")


def test_what_only_a_strangers_server_knows_is_named() -> None:
    elsewhere = ServiceId(ClientId("VN", "GOV", "000.00.00.G99", "x"), "y")
    verdicts = judge_provider_side(seen.own_facts(), seen.question(elsewhere))
    assert [verdict.step for verdict in verdicts] == [Step.SERVICE, Step.ACCESS, Step.DISABLED, Step.PURPOSE]
    assert {verdict.outcome for verdict in verdicts} == {Outcome.UNKNOWN}


def test_a_provider_that_is_no_longer_registered() -> None:
    facts = seen.own_facts()
    clients = tuple(replace(client, status=ClientStatus.DISABLED) for client in facts.settings.clients)
    facts = replace(facts, settings=replace(facts.settings, clients=clients))
    (verdict,) = judge_provider_side(facts, seen.question())
    assert verdict.fault_code == "server.serverproxy.service_failed.unknown_member"
