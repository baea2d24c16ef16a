"""Keeps a fresh OCSP answer about every certificate of ours. Source: governance dossier s.5.1; message-path s.4.7."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.security.assembly import OwnKeys, own_path, sha1_of
from lienthong.trust.algorithms import PRODUCTION
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import TrustError
from lienthong.trust.ocsp import build_request, judge_response

AskResponder = Callable[[str, bytes], Awaitable[bytes]]
"""POST an OCSP request (DER) to a URL; the response DER; raises ExchangeError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OcspOutcome:
    """What one certificate's turn gave."""

    certificate: Certificate
    response: bytes | None
    """DER, genuine and fresh, whatever status it tells; None where no responder gave one."""
    problem: str = ""
    """Why there is none, or why the status is not good, in English."""


def covered(keys: OwnKeys, globalconf: GlobalConfSet) -> Iterator[tuple[Certificate, Certificate]]:
    """Every certificate that needs an answer, with its issuer: ours and what lies between them and the anchor."""
    own = [] if keys.authentication is None else [keys.authentication.certificate]
    own += [key.certificate for _, key in keys.signing]
    seen = set()
    for certificate in own:
        for each, issuer in pairwise(own_path(certificate, globalconf)):
            if each.der not in seen:
                seen.add(each.der)
                yield each, issuer


async def fetch_answers(
    pairs: Sequence[tuple[Certificate, Certificate]], globalconf: GlobalConfSet, ask: AskResponder, *, now: datetime
) -> list[OcspOutcome]:
    """Ask about each certificate in turn, its responders in order until one gives a genuine, fresh answer."""
    return [await _fetch(certificate, issuer, globalconf, ask, now) for certificate, issuer in pairs]


async def _fetch(
    certificate: Certificate, issuer: Certificate, globalconf: GlobalConfSet, ask: AskResponder, now: datetime
) -> OcspOutcome:
    problem = f"no OCSP responder is known for {certificate.subject}"
    request = build_request(certificate, issuer)
    for url in _responders(certificate, globalconf):
        try:
            response = await ask(url, request)
            problem = _judge(response, certificate, issuer, globalconf, now)
        except (ExchangeError, TrustError) as exc:
            problem = f"{url}: {exc}"
            continue
        return OcspOutcome(certificate=certificate, response=response, problem=problem)
    return OcspOutcome(certificate=certificate, response=None, problem=problem)


def _responders(certificate: Certificate, globalconf: GlobalConfSet) -> list[str]:
    ca = globalconf.find_ca(globalconf.local_instance, certificate.canonical_issuer)
    configured = [] if ca is None else [responder.url for responder in ca.responders]
    return list(dict.fromkeys((*configured, *certificate.extensions.ocsp_urls)))


class _NotGenuineError(ExchangeError):
    """A responder gave something that proves nothing."""


def _judge(
    response: bytes, certificate: Certificate, issuer: Certificate, globalconf: GlobalConfSet, now: datetime
) -> str:
    """Empty for a good status, the reason for another one; raises where the answer proves nothing."""
    ca = globalconf.find_ca(globalconf.local_instance, certificate.canonical_issuer)
    verdict = judge_response(
        response,
        cert=certificate,
        issuer=issuer,
        responders=() if ca is None else ca.responder_certificates,
        others=globalconf.ca_certificates(),
        at=now,
        freshness=globalconf.ocsp_freshness(),
        check_next_update=globalconf.verify_next_update(),
        policy=PRODUCTION,
    )
    if verdict.status is None:
        raise _NotGenuineError(verdict.detail)
    return verdict.detail


def file_name(certificate: Certificate) -> str:
    """Name of the file that keeps a certificate's answer. Source: governance s.5.2."""
    return f"{sha1_of(certificate).hex()}.ocsp"
