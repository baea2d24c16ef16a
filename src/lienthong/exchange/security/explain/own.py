"""Judges what our own server can know by itself, step by step, as the consumer's side would.

Source: message-path dossier s.2.3, s.3.2, s.3.8 step 2, s.5.3.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from lienthong.exchange.errors import CLIENT_PROXY, SERVER_PROXY, SERVICE_FAILED, ConfigurationError, Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId, short_form
from lienthong.exchange.messagelog.gate import refuses as gate_refuses
from lienthong.exchange.security.explain.facts import OwnFacts
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
from lienthong.exchange.serverconf.settings import ClientStatus, ConnectionType, Settings
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import TrustError
from lienthong.trust.ocsp import parse_response

SOON = timedelta(days=30)
"""A certificate that ends within this deserves a look."""
NOT_REGISTERED = f"{SERVER_PROXY}.{SERVICE_FAILED}.ssl_authentication_failed"


def judge_own_side(facts: OwnFacts, question: Question) -> tuple[Verdict, ...]:
    """Every step up to the certificate and the keys of our own server."""
    return (
        judge_running(facts),
        judge_client(facts.settings, question.client),
        judge_connection(facts, question.client),
        judge_own_configuration(facts),
    )


def judge_own_keys(facts: OwnFacts, question: Question) -> tuple[Verdict, ...]:
    """Authentication, timestamping and signing, in the order of a message."""
    return (judge_authentication(facts), judge_timestamping(facts), judge_signer(facts, question.client, Step.SIGNER))


def judge_running(facts: OwnFacts) -> Verdict:
    """Does anybody answer at all?"""
    if facts.running is None:
        return refuses(Step.RUNNING, "running.no", "")
    if not facts.running.workers:
        return refuses(Step.RUNNING, "running.no_workers", "")
    return passes(Step.RUNNING, "running.yes", workers=facts.running.workers)


def judge_client(settings: Settings, client: ClientId) -> Verdict:
    """Is the client one of this server's, and registered?"""
    known = settings.client(client)
    if known is None:
        return refuses(Step.CLIENT, "client.unknown", f"{CLIENT_PROXY}.unknown_member", client=short_form(client))
    if known.status is not ClientStatus.REGISTERED:
        code = f"{CLIENT_PROXY}.unknown_member"
        return refuses(Step.CLIENT, "client.status", code, client=short_form(client), status=known.status.value)
    return passes(Step.CLIENT, "client.good", client=short_form(client))


def judge_connection(facts: OwnFacts, client: ClientId) -> Verdict:
    """Can a system of the client connect in the way the settings demand?"""
    known = facts.settings.client(client)
    if known is None:
        return untried(Step.CONNECTION)
    if known.connection_type is ConnectionType.HTTP:
        return passes(Step.CONNECTION, "connection.http")
    code = f"{CLIENT_PROXY}.ssl_authentication_failed"
    if not facts.settings.ports.https or facts.settings.keys.internal_tls is None:
        return refuses(Step.CONNECTION, "connection.no_https", code)
    if known.connection_type is ConnectionType.HTTPS_NO_AUTH:
        return passes(Step.CONNECTION, "connection.https_no_auth", port=facts.settings.ports.https)
    if not known.certificates:
        return refuses(Step.CONNECTION, "connection.no_certificates", code, client=short_form(client))
    values = {"port": facts.settings.ports.https, "count": len(known.certificates)}
    return passes(Step.CONNECTION, "connection.https", **values)


def judge_own_configuration(facts: OwnFacts) -> Verdict:
    """Is there a global configuration that may be used now?"""
    code = f"{CLIENT_PROXY}.global_conf_outdated"
    conf = facts.globalconf
    if conf is None:
        return refuses(Step.CONFIGURATION, "configuration.absent", code, detail=facts.globalconf_problem)
    if conf.is_expired(facts.now):
        own = conf.instances.get(conf.local_instance)
        if own is None or own.private is None or own.expires is None:
            return refuses(Step.CONFIGURATION, "configuration.absent", code, detail=conf.local_instance)
        return refuses(
            Step.CONFIGURATION, "configuration.expired", code, expired=own.expires, ago=facts.now - own.expires
        )
    if facts.snapshot is None and "test certificate profile" in facts.snapshot_problem:
        return refuses(Step.CONFIGURATION, "configuration.refused", code, detail=facts.snapshot_problem)
    return judge_expiry(conf, facts.now)


def judge_expiry(conf: GlobalConfSet, now: datetime) -> Verdict:
    """How long a configuration that holds may still be used."""
    try:
        expires = conf.local.expires
    except ConfigurationError:
        expires = None
    if expires is None:
        return passes(Step.CONFIGURATION, "configuration.endless", instance=conf.local_instance)
    return passes(Step.CONFIGURATION, "configuration.good", instance=conf.local_instance, left=expires - now)


def judge_authentication(facts: OwnFacts) -> Verdict:
    """Can our server show itself to others? Source: message-path s.3.2 step 0."""
    code = f"{CLIENT_PROXY}.ssl_authentication_failed"
    if facts.snapshot is None:
        return _unready(Step.AUTHENTICATION, facts, code)
    identity, cause = facts.snapshot.authentication, facts.snapshot.authentication_cause(facts.now)
    if identity is None or cause:
        return refuses(Step.AUTHENTICATION, "authentication.unusable", code, detail=cause)
    return _good_until(Step.AUTHENTICATION, identity.chain_der[0], identity.ocsp_responses, facts.now)


def judge_timestamping(facts: OwnFacts) -> Verdict:
    """Is the log's gate open? Only the running server knows. Source: message-path s.5.3."""
    running = facts.running
    if running is None:
        return unknown(Step.TIMESTAMPING, "timestamping.not_running")
    period = facts.settings.log.acceptable_timestamp_failure_period
    shut = gate_refuses(facts.now, running.last_timestamp, running.failing_since, period, has_tsa=running.has_tsa)
    if shut is not None:
        reason = "timestamping.failed" if running.has_tsa else "timestamping.no_tsa"
        values: dict[str, Value] = {} if running.failing_since is None else {"since": running.failing_since}
        return refuses(Step.TIMESTAMPING, reason, shut.prefixed(CLIENT_PROXY).code, **values)
    if running.failing_since is not None:
        values = {"since": running.failing_since, "period": period}
        return warns(Step.TIMESTAMPING, "timestamping.failing", **values)
    return passes(Step.TIMESTAMPING, "timestamping.good")


def judge_signer(facts: OwnFacts, client: ClientId, step: Step) -> Verdict:
    """Can the client's member sign here? As a consumer (``SIGNER``) or a provider (``PROVIDER_SIGNER``)."""
    prefix = CLIENT_PROXY if step is Step.SIGNER else f"{SERVER_PROXY}.{SERVICE_FAILED}"
    if facts.snapshot is None:
        return _unready(step, facts, f"{prefix}.internal_error")
    try:
        identity = facts.snapshot.require_signer(client, facts.now)
    except Fault as fault:
        reason = "signer.unusable" if facts.settings.keys.signing_key_of(client) else "signer.no_key"
        return refuses(step, reason, f"{prefix}.internal_error", member=short_form(client.member), detail=_cause(fault))
    return _good_until(step, identity.certificate.der, identity.ocsp_responses, facts.now)


def judge_registration(facts: OwnFacts, client: ClientId) -> Verdict:
    """Would another server believe ours to be what it says, and to speak for the client? Source: s.3.8 step 2."""
    conf, snapshot = facts.globalconf, facts.snapshot
    if conf is None or snapshot is None or snapshot.authentication is None:
        return untried(Step.REGISTRATION)
    own = facts.settings.id
    registered = conf.server_by_auth_certificate(Certificate.from_der(snapshot.authentication.chain_der[0]))
    if registered != own:
        return refuses(Step.REGISTRATION, "registration.certificate", NOT_REGISTERED, server=short_form(own))
    if not conf.server_lists_client(own, client):
        values = {"client": short_form(client), "server": short_form(own)}
        return refuses(Step.REGISTRATION, "registration.client", NOT_REGISTERED, **values)
    return passes(Step.REGISTRATION, "registration.good", client=short_form(client), server=short_form(own))


def _unready(step: Step, facts: OwnFacts, code: str) -> Verdict:
    if facts.globalconf is None:
        return untried(step)
    return refuses(step, "keys.unreadable", code, detail=facts.snapshot_problem)


def _good_until(step: Step, certificate_der: bytes, responses: tuple[bytes, ...], now: datetime) -> Verdict:
    not_after = Certificate.from_der(certificate_der).not_after
    values: dict[str, Value] = {"left": not_after - now}
    age = ocsp_age(responses[0] if responses else None, now)
    if age is not None:
        values["age"] = age
    reason = "certificate.usable" if age is not None else "certificate.valid"
    if not_after - now < SOON:
        return warns(step, f"{reason}_soon_over", **values)
    return passes(step, reason, **values)


def ocsp_age(response: bytes | None, now: datetime) -> timedelta | None:
    """How old an OCSP answer is; None without one that can be read."""
    if response is None:
        return None
    try:
        return now - parse_response(response).this_update
    except TrustError:
        return None


def _cause(fault: Fault) -> str:
    """What a fault of a snapshot says after its fixed beginning."""
    return fault.message.partition(": ")[2] or fault.message
