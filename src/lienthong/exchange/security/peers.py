"""Is the security server at the other end the one the global configuration speaks of?

The evidence (certificates from TLS, OCSP answers) is gathered first and judged here at an instant. What does not depend
on the client is judged once per certificate chain and kept until its evidence ages.
Source: message-path dossier s.3.3, s.3.8 step 2, s.4.7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import KnownCa
from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.certificates import Certificate, judge_path
from lienthong.trust.certificates.usage import is_authentication
from lienthong.trust.errors import TrustError
from lienthong.trust.ocsp import good_until, judge_freshness, judge_static

FAILED = "ssl_authentication_failed"
MAX_KEPT = 4096


class PeerEvidence(msgspec.Struct, frozen=True, gc=False):
    """What a peer showed."""

    chain_der: tuple[bytes, ...]
    """Certificates from TLS, leaf first, DER."""
    ocsp_responses: tuple[bytes, ...]
    """DER, one for each certificate, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A chain that was found good."""

    snapshot: Snapshot
    server: SecurityServerId
    good_until: datetime


class PeerJudge:
    """Judges peers' authentication certificates; remembers those found good."""

    def __init__(self) -> None:
        self._known: dict[tuple[PeerEvidence, bool], _Known] = {}

    def judge_provider(self, snapshot: Snapshot, provider: ClientId, evidence: PeerEvidence, *, at: datetime) -> None:
        """Refuse a server that may not answer for *provider*: the anchor is the issuer of the leaf.

        Raises:
            Fault: ``ssl_authentication_failed``, or ``internal_error`` when no approved CA issued the certificate.
        """
        self._judge(snapshot, provider, evidence, at=at, anchor_of_last=False)

    def judge_consumer(self, snapshot: Snapshot, sender: ClientId, evidence: PeerEvidence, *, at: datetime) -> None:
        """Refuse a server that may not speak for *sender*: the anchor is the issuer of the last certificate shown."""
        if not evidence.ocsp_responses:
            raise Fault(FAILED, "Cannot verify TLS certificate, corresponding OCSP response is missing")
        self._judge(snapshot, sender, evidence, at=at, anchor_of_last=True)

    def _judge(
        self, snapshot: Snapshot, client: ClientId, evidence: PeerEvidence, *, at: datetime, anchor_of_last: bool
    ) -> None:
        key = (evidence, anchor_of_last)
        known = self._known.get(key)
        if known is None or known.snapshot is not snapshot or known.good_until < at:
            known = _examine(snapshot, client, evidence, at=at, anchor_of_last=anchor_of_last)
            if len(self._known) >= MAX_KEPT:
                self._known.clear()
            self._known[key] = known
        if not snapshot.globalconf.server_lists_client(known.server, client):
            raise Fault(FAILED, f"Client '{client}' is not registered at security server {known.server}")


def _examine(
    snapshot: Snapshot, client: ClientId, evidence: PeerEvidence, *, at: datetime, anchor_of_last: bool
) -> _Known:
    if not evidence.chain_der:
        raise Fault(FAILED, "The other security server showed no certificate")
    try:
        chain = [Certificate.from_der(der) for der in evidence.chain_der]
        ca = _anchor(snapshot, client.instance, chain[-1] if anchor_of_last else chain[0])
        _require_good_path([*chain, ca.certificate] if anchor_of_last else [chain[0], ca.certificate], at)
        good_until = _require_good_status(snapshot, client.instance, chain, evidence.ocsp_responses, at)
    except TrustError as exc:
        raise Fault(FAILED, f"The other security server's certificate cannot be judged: {exc}") from exc
    server = snapshot.globalconf.server_by_auth_certificate(chain[0])
    if server is None:
        text = f"Authentication certificate {chain[0].subject} is not associated with any security server"
        raise Fault(FAILED, text)
    return _Known(snapshot=snapshot, server=server, good_until=good_until)


def _anchor(snapshot: Snapshot, instance: str, certificate: Certificate) -> KnownCa:
    ca = snapshot.globalconf.find_ca(instance, certificate.canonical_issuer)
    if ca is None:
        text = f"Certificate {certificate.subject} is not issued by approved certification service provider"
        raise Fault("internal_error", text)
    return ca


def _require_good_path(path: Sequence[Certificate], at: datetime) -> None:
    if not is_authentication(path[0]):
        raise Fault(FAILED, f"Certificate {path[0].subject} is not an authentication certificate")
    verdict = judge_path(path, at=at, policy=PRODUCTION)
    if not verdict.is_valid:
        raise Fault(FAILED, f"Certificate path is not valid ({verdict.problem}): {verdict.detail}")


def _require_good_status(
    snapshot: Snapshot, instance: str, chain: Sequence[Certificate], ocsp_responses: Sequence[bytes], at: datetime
) -> datetime:
    """Each certificate has a good answer; returns when the first of them (or a certificate) ages."""
    globalconf = snapshot.globalconf
    freshness, next_update = globalconf.ocsp_freshness(), globalconf.verify_next_update()
    first_end = min(certificate.not_after for certificate in chain)
    for index, certificate in enumerate(chain):
        ca = _anchor(snapshot, instance, certificate)
        if index >= len(ocsp_responses):
            raise Fault(FAILED, f"OCSP response for certificate {certificate.subject} is missing")
        static = judge_static(
            ocsp_responses[index],
            cert=certificate,
            issuer=ca.certificate,
            responders=ca.responder_certificates,
            others=globalconf.ca_certificates(),
            policy=PRODUCTION,
        )
        verdict = judge_freshness(static, at=at, freshness=freshness, check_next_update=next_update)
        end = good_until(verdict, freshness=freshness, check_next_update=next_update)
        if end is None:
            raise Fault(FAILED, f"Certificate {certificate.subject}: {verdict.detail} ({verdict.fault_code})")
        first_end = min(first_end, end)
    return first_end
