"""Judges where the provider is found in the global configuration, and what its own server here would say.

Source: message-path dossier s.3.2, s.6.
"""

from __future__ import annotations

from lienthong.exchange.errors import CLIENT_PROXY, SERVER_PROXY, SERVICE_FAILED, Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import SecurityServerId, short_form
from lienthong.exchange.security.explain.facts import OwnFacts
from lienthong.exchange.security.explain.own import judge_signer
from lienthong.exchange.security.explain.verdicts import (
    Question,
    Step,
    Value,
    Verdict,
    passes,
    refuses,
    unknown,
    untried,
    warns,
)
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.access import RESERVED_SERVICES, Call, Interface, decide_access
from lienthong.exchange.serverconf.purpose import decide_purpose
from lienthong.exchange.serverconf.settings import ClientStatus

PROVIDER_STEPS = (Step.SERVICE, Step.ACCESS, Step.DISABLED, Step.PURPOSE)
"""What only the provider's server decides."""


def judge_provider(globalconf: GlobalConfSet, question: Question) -> Verdict:
    """Does the global configuration know the provider, and where its servers are?"""
    client, conf = question.service.client, globalconf.instances.get(question.service.client.instance)
    values: dict[str, Value] = {"provider": short_form(client)}
    if conf is None:
        values["instance"] = client.instance
        return refuses(Step.PROVIDER, "provider.instance", f"{CLIENT_PROXY}.internal_error", **values)
    code = f"{CLIENT_PROXY}.unknown_member"
    if not globalconf.is_registered(client):
        return refuses(Step.PROVIDER, "provider.unknown", code, **values)
    servers = globalconf.addresses_of(client)
    if not servers:
        return refuses(Step.PROVIDER, "provider.no_server", code, **values)
    if question.target is not None and question.target not in dict(servers):
        values["server"] = short_form(question.target)
        return refuses(Step.PROVIDER, "provider.target", f"{CLIENT_PROXY}.invalid_security_server", **values)
    values["addresses"] = ", ".join(address for _, address in servers)
    return passes(Step.PROVIDER, "provider.good", **values)


def judge_maintenance(globalconf: GlobalConfSet, question: Question) -> Verdict:
    """Is one of the provider's servers in ordinary service?"""
    asked = candidates(globalconf, question, in_service=False)
    if not asked:
        return untried(Step.MAINTENANCE)
    up = candidates(globalconf, question)
    if not up:
        notices = [globalconf.maintenance_of(server) for server, _ in asked]
        message = "; ".join(notice.message for notice in notices if notice is not None and notice.message)
        return refuses(Step.MAINTENANCE, "maintenance.all", f"{CLIENT_PROXY}.maintenance_mode", message=message or "–")
    if len(up) < len(asked):
        return warns(Step.MAINTENANCE, "maintenance.some", count=len(asked) - len(up), total=len(asked))
    return passes(Step.MAINTENANCE, "maintenance.none")


def candidates(
    globalconf: GlobalConfSet, question: Question, *, in_service: bool = True
) -> tuple[tuple[SecurityServerId, str], ...]:
    """The servers a message may go to, as :func:`~..addresses.select_addresses` chooses them."""
    servers = globalconf.addresses_of(question.service.client)
    if question.target is not None:
        servers = tuple(pair for pair in servers if pair[0] == question.target)
    if not in_service:
        return servers
    return tuple(pair for pair in servers if globalconf.maintenance_of(pair[0]) is None)


def judge_provider_side(facts: OwnFacts, question: Question) -> tuple[Verdict, ...]:
    """What the provider's server decides: known where it is this one, only named where it is another."""
    provider = facts.settings.client(question.service.client)
    if provider is None or facts.snapshot is None:
        return strangers_steps()
    if provider.status is not ClientStatus.REGISTERED:
        code = f"{SERVER_PROXY}.{SERVICE_FAILED}.unknown_member"
        values = {"client": short_form(provider.id), "status": provider.status.value}
        return (refuses(Step.SERVICE, "client.status", code, **values),)
    signer = judge_signer(facts, provider.id, Step.PROVIDER_SIGNER)
    if question.service.service_code in RESERVED_SERVICES:
        return (signer, *(passes(step, "service.metaservice") for step in PROVIDER_STEPS))
    return (signer, *_judge_access(facts.snapshot, question), _judge_purpose(facts.snapshot, question))


def strangers_steps() -> tuple[Verdict, ...]:
    """The steps that a stranger cannot know, by name."""
    return tuple(unknown(step, f"{step.value}.elsewhere") for step in PROVIDER_STEPS)


_STEP_OF = {
    "unknown_service": Step.SERVICE,
    "service_type": Step.SERVICE,
    "access_denied": Step.ACCESS,
    "service_disabled": Step.DISABLED,
}


def _judge_access(snapshot: Snapshot, question: Question) -> tuple[Verdict, ...]:
    call = Call(
        client=question.client,
        service=question.service,
        interface=question.interface,
        method=question.method,
        path=question.path,
    )
    refused = decide_access(snapshot.access, call, in_group=snapshot.globalconf.in_group)
    steps = (Step.SERVICE, Step.ACCESS, Step.DISABLED)
    if refused is None:
        return tuple(passes(step, f"{step.value}.good") for step in steps)
    at = steps.index(_STEP_OF[refused.code])
    before = [passes(step, f"{step.value}.good") for step in steps[:at]]
    return (*before, _refusal(steps[at], refused, snapshot, question), *(untried(step) for step in steps[at + 1 :]))


def _refusal(step: Step, refused: Fault, snapshot: Snapshot, question: Question) -> Verdict:
    values: dict[str, Value] = {
        "client": short_form(question.client),
        "service": short_form(question.service),
        "call": "SOAP" if question.interface is Interface.SOAP else f"{question.method} {question.path or '/'}",
    }
    reason = refused.code
    if reason == "service_type" and question.interface is Interface.SOAP:
        reason = "service_type_rest"
    if reason == "access_denied":
        in_group = snapshot.globalconf.in_group
        somewhere = snapshot.access.is_allowed_somewhere(question.client, question.service, in_group)
        reason = "access_denied_here" if somewhere else "access_denied"
    if reason == "service_disabled":
        service = snapshot.settings.service(question.service)
        values["notice"] = (service.notice if service is not None else "") or "–"
    return refuses(step, f"{step.value}.{reason}", f"{SERVER_PROXY}.{refused.code}", **values)


def _judge_purpose(snapshot: Snapshot, question: Question) -> Verdict:
    service = snapshot.settings.service(question.service)
    if service is None:
        return untried(Step.PURPOSE)
    if not service.personal_data:
        return passes(Step.PURPOSE, "purpose.not_needed")
    refused = decide_purpose(service, user_id=question.officer, issue=question.purpose)
    if refused is None:
        return passes(Step.PURPOSE, "purpose.good")
    if question.officer is None and question.purpose is None:
        return refuses(Step.PURPOSE, "purpose.missing", f"{SERVER_PROXY}.access_denied")
    return refuses(Step.PURPOSE, "purpose.wrong", f"{SERVER_PROXY}.access_denied", detail=refused.message)
