"""Judging an OCSP response for a certificate at an instant, rule by rule.

Rules 1 to 4 (CertID, responder, signature, authority) do not depend on the instant and cost a signature check: callers
keep :class:`StaticVerdict`. Rules 5 and 6 (freshness, status) are asked every time.
Source: message-path dossier s.4.7; RFC 6960 s.3.2, s.4.2.2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from lienthong.trust.algorithms import Policy
from lienthong.trust.certificates import Certificate, signed_by
from lienthong.trust.certificates.issuing import sha1_of
from lienthong.trust.certificates.usage import OCSP_SIGNING
from lienthong.trust.errors import UnsupportedAlgorithmError
from lienthong.trust.keys import verify_signature
from lienthong.trust.ocsp.requests import cert_id_of
from lienthong.trust.ocsp.responses import OcspResponse, Status, parse_response

INCORRECT_VALIDATION_INFO = "incorrect_validation_info"
CERT_VALIDATION = "cert_validation"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticVerdict:
    """Whether a response is genuine and about this certificate, whatever the instant."""

    response: OcspResponse = field(repr=False)
    """As it was read."""
    responder: Certificate | None = None
    """Who signed it; None where nobody known did."""
    detail: str = ""
    """Why not, in English; "" where rules 1 to 4 hold."""

    @property
    def holds(self) -> bool:
        """Whether rules 1 to 4 hold."""
        return not self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspVerdict:
    """What a response is worth for one certificate at one instant."""

    status: Status | None
    """GOOD, REVOKED or UNKNOWN as the responder says; None where the response proves nothing."""
    fault_code: str | None
    """None only with GOOD; else ``incorrect_validation_info`` or ``cert_validation``."""
    detail: str = ""
    """Why, in English."""
    produced_at: datetime | None = None
    """Aware UTC."""
    this_update: datetime | None = None
    """Aware UTC."""
    next_update: datetime | None = None
    """Aware UTC."""
    responder: Certificate | None = field(default=None, repr=False)
    """Who signed it."""

    @property
    def is_good(self) -> bool:
        """Whether the certificate may be relied on."""
        return self.fault_code is None and self.status is Status.GOOD


def judge_response(
    response_der: bytes,
    *,
    cert: Certificate,
    issuer: Certificate,
    responders: Sequence[Certificate],
    at: datetime,
    freshness: timedelta,
    check_next_update: bool,
    policy: Policy,
    others: Sequence[Certificate] = (),
) -> OcspVerdict:
    """Decide what *response_der* says of *cert* at *at*.

    Args:
        responders: OCSP certificates configured for the issuer's CA; they are authorised as they are.
        others: Other CA certificates among which a responder may be found; they need the issuer's authority.
        at: Aware UTC instant the question is about.
    Raises:
        MalformedEvidenceError: the response, or a certificate in it, cannot be read.
    """
    static = judge_static(response_der, cert=cert, issuer=issuer, responders=responders, others=others, policy=policy)
    return judge_freshness(static, at=at, freshness=freshness, check_next_update=check_next_update)


def judge_static(
    response_der: bytes,
    *,
    cert: Certificate,
    issuer: Certificate,
    responders: Sequence[Certificate],
    policy: Policy,
    others: Sequence[Certificate] = (),
) -> StaticVerdict:
    """Rules 1 to 4, the costly half; the result may be kept per (response, cert, issuer).

    Raises:
        MalformedEvidenceError: the response, or a certificate in it, cannot be read.
    """
    response = parse_response(response_der)
    if response.cert_id != cert_id_of(cert, issuer):
        return StaticVerdict(response=response, detail="OCSP response is about another certificate")
    candidates = [*responders, issuer, *others, *response.certificates]
    named = [candidate for candidate in candidates if _is_named(response, candidate)]
    if not named:
        return StaticVerdict(response=response, detail="OCSP responder's certificate is not known")
    refusals = []
    for responder in dict.fromkeys(named):
        refusal = _refusal(response, responder, issuer=issuer, responders=responders, policy=policy)
        if not refusal:
            return StaticVerdict(response=response, responder=responder)
        refusals.append(refusal)
    return StaticVerdict(response=response, detail=refusals[0])


def judge_freshness(
    static: StaticVerdict, *, at: datetime, freshness: timedelta, check_next_update: bool
) -> OcspVerdict:
    """Rules 5 and 6, asked every time. A thisUpdate in the future is not refused: clocks differ, and nobody asks it."""
    response = static.response
    verdict = OcspVerdict(
        status=response.status.status,
        fault_code=None,
        produced_at=response.produced_at,
        this_update=response.this_update,
        next_update=response.next_update,
        responder=static.responder,
    )
    refusal = static.detail or _staleness(response, at, freshness, check_next_update=check_next_update)
    if refusal:
        return replace(verdict, status=None, fault_code=INCORRECT_VALIDATION_INFO, detail=refusal)
    if response.status.status is not Status.GOOD:
        text = f"OCSP response indicates certificate status is {response.status.status.name}"
        return replace(verdict, fault_code=CERT_VALIDATION, detail=text)
    return verdict


def good_until(verdict: OcspVerdict, *, freshness: timedelta, check_next_update: bool) -> datetime | None:
    """The last instant at which :func:`judge_freshness` still finds a good answer good; None for one that is not."""
    if not verdict.is_good or verdict.this_update is None:
        return None
    stale = verdict.this_update + freshness
    return stale if not check_next_update or verdict.next_update is None else min(stale, verdict.next_update)


def _is_named(response: OcspResponse, candidate: Certificate) -> bool:
    if response.responder_name is not None:
        # Responders of 2012 wrote their name last RDN first. It only says whom to try: the signature decides.
        return candidate.canonical_subject in {response.responder_name, response.responder_name[::-1]}
    return sha1_of(candidate.public_key_bits) == response.responder_key_hash


def _refusal(
    response: OcspResponse,
    responder: Certificate,
    *,
    issuer: Certificate,
    responders: Sequence[Certificate],
    policy: Policy,
) -> str:
    if response.algorithm is None:
        return "OCSP response is signed with an unknown algorithm"
    try:
        holds = verify_signature(
            responder.public_key_der, response.tbs_der, response.signature, response.algorithm, policy=policy
        )
    except UnsupportedAlgorithmError as exc:
        return f"OCSP response is signed with an algorithm that does not count: {exc}"
    if not holds:
        return "OCSP response signature does not hold"
    if responder in responders or responder == issuer or _is_delegate(responder, issuer, policy):
        return ""
    return "OCSP responder is not authorised by the certificate's issuer"


def _is_delegate(responder: Certificate, issuer: Certificate, policy: Policy) -> bool:
    algorithm = responder.signature_algorithm
    return (
        OCSP_SIGNING in responder.extended_key_usage
        and responder.canonical_issuer == issuer.canonical_subject
        and algorithm is not None
        and algorithm.digest in policy.digests
        and signed_by(responder, issuer)
    )


def _staleness(response: OcspResponse, at: datetime, freshness: timedelta, *, check_next_update: bool) -> str:
    if response.this_update < at - freshness:
        return f"OCSP response is too old (thisUpdate: {response.this_update.isoformat()})"
    if check_next_update and response.next_update is not None and response.next_update < at:
        return f"OCSP response is too old (nextUpdate: {response.next_update.isoformat()})"
    return ""
