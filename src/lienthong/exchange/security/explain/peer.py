"""Judges what the provider's servers showed, by the rules a message would meet. Source: message-path dossier s.3.3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lienthong.exchange.errors import CLIENT_PROXY
from lienthong.exchange.globalconf import GlobalConfSet, KnownCa
from lienthong.exchange.identifiers import ClientId, short_form
from lienthong.exchange.security.explain.facts import PeerFacts
from lienthong.exchange.security.explain.verdicts import (
    Outcome,
    Step,
    Value,
    Verdict,
    passes,
    refuses,
    unknown,
    untried,
    warns,
)
from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.certificates import Certificate, is_authentication, judge_path
from lienthong.trust.errors import TrustError
from lienthong.trust.ocsp import judge_response, parse_response

SKEW = timedelta(seconds=60)
"""Clocks that differ by more deserve a look."""
_NETWORK = f"{CLIENT_PROXY}.network_error"
_FAILED = f"{CLIENT_PROXY}.ssl_authentication_failed"
_PEER_STEPS = (Step.REACHABLE, Step.HANDSHAKE, Step.CERTIFICATE, Step.OCSP, Step.CLOCK)


def judge_peers(globalconf: GlobalConfSet, provider: ClientId, peers: Sequence[PeerFacts]) -> tuple[Verdict, ...]:
    """Every step for every server; where one server passes all, failures of the others are warnings."""
    if not peers:
        return no_peers()
    judged = [judge_peer(globalconf, provider, peer) for peer in peers]
    is_any_good = any(all(v.outcome is not Outcome.REFUSES for v in verdicts) for verdicts in judged)
    every = (verdict for verdicts in judged for verdict in verdicts)
    if not is_any_good:
        return tuple(every)
    return tuple(replace(v, outcome=Outcome.WARNS) if v.outcome is Outcome.REFUSES else v for v in every)


def no_peers() -> tuple[Verdict, ...]:
    """Every step where there is no server to try it on."""
    return tuple(untried(step) for step in _PEER_STEPS)


def judge_peer(globalconf: GlobalConfSet, provider: ClientId, peer: PeerFacts) -> tuple[Verdict, ...]:
    """Every step for one server."""
    certificate = judge_certificate(globalconf, provider, peer)
    verdicts = (
        judge_reachable(peer),
        judge_handshake(peer),
        certificate,
        judge_ocsp(globalconf, provider, peer),
        judge_clock(peer),
    )
    return tuple(replace(verdict, server=peer.address) for verdict in verdicts)


def judge_reachable(peer: PeerFacts) -> Verdict:
    """Does a connection come about?"""
    values: dict[str, Value] = {"address": peer.address, "port": peer.port}
    if not peer.connect_problem:
        return passes(Step.REACHABLE, "reachable.good", **values)
    if "not known" in peer.connect_problem:
        return refuses(Step.REACHABLE, "reachable.name", f"{CLIENT_PROXY}.unknown_host", address=peer.address)
    return refuses(Step.REACHABLE, "reachable.no", _NETWORK, **values, detail=peer.connect_problem)


def judge_handshake(peer: PeerFacts) -> Verdict:
    """Does TLS come about?"""
    if peer.connect_problem:
        return untried(Step.HANDSHAKE)
    if not peer.handshake_problem:
        reason = "handshake.good" if peer.showed_own_certificate else "handshake.anonymous"
        return passes(Step.HANDSHAKE, reason)
    if not peer.showed_own_certificate and peer.chain_der:
        return unknown(Step.HANDSHAKE, "handshake.refused_stranger", detail=peer.handshake_problem)
    reason = "handshake.refused" if peer.chain_der else "handshake.no_tls"
    return refuses(Step.HANDSHAKE, reason, _NETWORK, detail=peer.handshake_problem)


def judge_certificate(globalconf: GlobalConfSet, provider: ClientId, peer: PeerFacts) -> Verdict:
    """Is the certificate that of a registered server which serves the provider?"""
    if not peer.chain_der:
        return untried(Step.CERTIFICATE)
    try:
        certificate = Certificate.from_der(peer.chain_der[0])
    except TrustError as exc:
        return refuses(Step.CERTIFICATE, "certificate.unreadable", _FAILED, detail=str(exc))
    ca = globalconf.find_ca(provider.instance, certificate.canonical_issuer)
    if ca is None:
        code = f"{CLIENT_PROXY}.internal_error"
        return refuses(Step.CERTIFICATE, "certificate.issuer", code, issuer=certificate.issuer)
    if not is_authentication(certificate):
        return refuses(Step.CERTIFICATE, "certificate.usage", _FAILED, subject=certificate.subject)
    return _judge_path(certificate, ca, peer.asked_at) or _judge_registered(globalconf, provider, certificate, peer)


def _judge_path(certificate: Certificate, ca: KnownCa, at: datetime) -> Verdict | None:
    verdict = judge_path([certificate, ca.certificate], at=at, policy=PRODUCTION)
    if verdict.is_valid:
        return None
    if certificate.not_after < at:
        return refuses(Step.CERTIFICATE, "certificate.expired", _FAILED, expired=certificate.not_after)
    return refuses(Step.CERTIFICATE, "certificate.path", _FAILED, detail=verdict.detail or str(verdict.problem))


def _judge_registered(
    globalconf: GlobalConfSet, provider: ClientId, certificate: Certificate, peer: PeerFacts
) -> Verdict:
    server = globalconf.server_by_auth_certificate(certificate)
    if server is None:
        return refuses(Step.CERTIFICATE, "certificate.unregistered", _FAILED, subject=certificate.subject)
    if not globalconf.server_lists_client(server, provider):
        values = {"server": short_form(server), "provider": short_form(provider)}
        return refuses(Step.CERTIFICATE, "certificate.other_server", _FAILED, **values)
    left = certificate.not_after - peer.asked_at
    return passes(Step.CERTIFICATE, "certificate.peer", server=short_form(server), left=left)


def judge_ocsp(globalconf: GlobalConfSet, provider: ClientId, peer: PeerFacts) -> Verdict:
    """Is there a fresh, good OCSP answer for each certificate it showed? Source: message-path s.3.10, s.4.7."""
    if not peer.chain_der:
        return untried(Step.OCSP)
    if peer.ocsp_problem:
        return refuses(Step.OCSP, "ocsp.none", _FAILED, port=peer.ocsp_port, detail=peer.ocsp_problem)
    problems = [
        problem
        for der, response in zip(peer.chain_der, peer.ocsp_responses, strict=False)
        if (problem := _ocsp_problem(globalconf, provider, (der, response), peer.asked_at))
    ]
    if problems or len(peer.ocsp_responses) < len(peer.chain_der):
        return refuses(Step.OCSP, "ocsp.bad", _FAILED, detail="; ".join(problems) or "an answer is missing")
    age = peer.asked_at - parse_response(peer.ocsp_responses[0]).this_update
    return passes(Step.OCSP, "ocsp.good", age=age)


def _ocsp_problem(globalconf: GlobalConfSet, provider: ClientId, pair: tuple[bytes, bytes], at: datetime) -> str:
    try:
        certificate = Certificate.from_der(pair[0])
        ca = globalconf.find_ca(provider.instance, certificate.canonical_issuer)
        if ca is None:
            return f"{certificate.subject} is issued by no approved authority"
        verdict = judge_response(
            pair[1],
            cert=certificate,
            issuer=ca.certificate,
            responders=ca.responder_certificates,
            others=globalconf.ca_certificates(),
            at=at,
            freshness=globalconf.ocsp_freshness(),
            check_next_update=globalconf.verify_next_update(),
            policy=PRODUCTION,
        )
    except TrustError as exc:
        return str(exc)
    return "" if verdict.is_good else f"{certificate.subject}: {verdict.detail}"


def judge_clock(peer: PeerFacts) -> Verdict:
    """Do both clocks agree? Told by its ``Date``, else by an OCSP answer that comes from the future."""
    if peer.connect_problem:
        return untried(Step.CLOCK)
    if peer.clock is not None:
        skew = peer.clock - peer.asked_at
        if abs(skew) > SKEW:
            return warns(Step.CLOCK, "clock.ahead" if skew > timedelta(0) else "clock.behind", skew=skew)
        return passes(Step.CLOCK, "clock.good", skew=SKEW)
    future = max((_produced_at(response) for response in peer.ocsp_responses), default=None)
    if future is None:
        return unknown(Step.CLOCK, "clock.unknown")
    if future - peer.asked_at > SKEW:
        return warns(Step.CLOCK, "clock.ahead", skew=future - peer.asked_at)
    return passes(Step.CLOCK, "clock.not_ahead", age=max(peer.asked_at - future, timedelta(0)))


def _produced_at(response: bytes) -> datetime:
    try:
        return parse_response(response).produced_at
    except TrustError:
        return datetime.min.replace(tzinfo=UTC)
