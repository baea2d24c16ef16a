"""Certification paths: found first, judged at an instant after.

Source: RFC 5280 s.6.1; RFC 4158 s.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

from lienthong.trust.algorithms import Policy
from lienthong.trust.certificates.certificate import Certificate
from lienthong.trust.errors import TrustError, UnsupportedAlgorithmError
from lienthong.trust.keys.verification import require_key_allowed, signature_holds

CANNOT_CREATE = "cannot_create_cert_path"
INVALID = "invalid_cert_path"
VALIDITY_TIME = "cert_validity_time"
UNSUPPORTED = "unsupported_algorithm"
_DEPTH_MAX = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PathVerdict:
    """What judging a path gave."""

    problem: str | None = None
    """None, ``cannot_create_cert_path``, ``invalid_cert_path``, ``cert_validity_time`` or ``unsupported_algorithm``."""
    detail: str = ""
    """Which certificate and why, in English."""

    @property
    def is_valid(self) -> bool:
        """Whether nothing was found wrong."""
        return self.problem is None


def find_path(
    leaf: Certificate, extra: Sequence[Certificate], anchors: Sequence[Certificate]
) -> tuple[Certificate, ...]:
    """Find leaf … anchor by names, key identifiers and signatures; the shortest first.

    Args:
        extra: Intermediate certificates, in any order, trusted for nothing.
        anchors: Trusted as they are, self-signed or not.
    Returns:
        An empty tuple where there is no path; :func:`judge_path` says ``cannot_create_cert_path`` to that.
    """
    if leaf in anchors:
        return (leaf,)
    unfinished: list[tuple[Certificate, ...]] = [(leaf,)]
    seen = {leaf}
    while unfinished:
        path = unfinished.pop(0)
        for anchor in _issuers(path[-1], anchors):
            return (*path, anchor)
        if len(path) < _DEPTH_MAX:
            # Each intermediate is tried once: cross-signed bundles must not make the search exponential.
            fresh = [issuer for issuer in _issuers(path[-1], extra) if issuer not in seen]
            seen.update(fresh)
            unfinished += [(*path, issuer) for issuer in fresh]
    return ()


def judge_path(path: Sequence[Certificate], *, at: datetime, policy: Policy) -> PathVerdict:
    """Decide whether a path from leaf to anchor held at *at*; revocation is asked elsewhere.

    The anchor is trusted as configured: its own validity period is not asked. Source: RFC 5280 s.6.1.1 (d), s.6.1.3.

    Args:
        path: As :func:`find_path` gives it, leaf first, anchor last.
        at: Aware UTC instant the question is about.
    """
    if not path:
        return PathVerdict(problem=CANNOT_CREATE, detail="no path to a trust anchor")
    if len(path) == 1:
        return _judge_alone(path[0], at)
    below = 0
    for certificate, issuer in pairwise(path):
        verdict = _judge_link(certificate, issuer, at=at, policy=policy)
        if verdict.problem is None and issuer.extensions.path_length is not None:
            verdict = _judge_length(issuer, below)
        if verdict.problem is not None:
            return verdict
        below += not issuer.is_self_issued
    return PathVerdict()


@lru_cache(maxsize=4096)
def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's key made the certificate's signature; policy is asked elsewhere."""
    if certificate.signature_algorithm is None:
        return False
    try:
        return signature_holds(
            issuer.public_key_der, certificate.tbs_der, certificate.signature, certificate.signature_algorithm
        )
    except TrustError:
        return False


def _issuers(certificate: Certificate, candidates: Sequence[Certificate]) -> Iterator[Certificate]:
    wanted = certificate.extensions.authority_key_identifier
    for candidate in candidates:
        own = candidate.extensions.subject_key_identifier
        if candidate.canonical_subject != certificate.canonical_issuer:
            continue
        if (wanted is None or own is None or wanted == own) and signed_by(certificate, candidate):
            yield candidate


def _judge_alone(certificate: Certificate, at: datetime) -> PathVerdict:
    if certificate.is_valid_at(at):
        return PathVerdict()
    return PathVerdict(problem=VALIDITY_TIME, detail=f"{certificate.subject} is not valid at {at.isoformat()}")


def _judge_link(certificate: Certificate, issuer: Certificate, *, at: datetime, policy: Policy) -> PathVerdict:
    refused = _refused_algorithm(certificate, issuer, policy)
    if refused:
        return PathVerdict(problem=UNSUPPORTED, detail=f"{certificate.subject}: {refused}")
    broken = _broken_rule(certificate, issuer)
    if broken:
        return PathVerdict(problem=INVALID, detail=f"{certificate.subject}: {broken}")
    return _judge_alone(certificate, at)


def _refused_algorithm(certificate: Certificate, issuer: Certificate, policy: Policy) -> str:
    algorithm = certificate.signature_algorithm
    if algorithm is None:
        return "signature algorithm is unknown"
    if algorithm.digest not in policy.digests:
        return f"{algorithm.label} is refused by policy {policy.name}"
    try:
        require_key_allowed(certificate.public_key_der, policy)
        require_key_allowed(issuer.public_key_der, policy)
    except UnsupportedAlgorithmError as exc:
        return str(exc)
    except TrustError as exc:
        return f"public key cannot be used: {exc}"
    return ""


def _broken_rule(certificate: Certificate, issuer: Certificate) -> str:
    if certificate.canonical_issuer != issuer.canonical_subject:
        return "issuer name does not match"
    if not signed_by(certificate, issuer):
        return "signature does not hold"
    if not issuer.is_ca:
        return "issuer is not a CA (basicConstraints)"
    if issuer.extensions.key_usage is not None and "keyCertSign" not in issuer.key_usage:
        return "issuer may not sign certificates (keyUsage)"
    if certificate.extensions.unprocessed_critical:
        return f"unknown critical extension {min(certificate.extensions.unprocessed_critical)}"
    return ""


def _judge_length(issuer: Certificate, below: int) -> PathVerdict:
    allowed = issuer.extensions.path_length
    if allowed is None or below <= allowed:
        return PathVerdict()
    return PathVerdict(problem=INVALID, detail=f"{issuer.subject}: path longer than its pathLenConstraint {allowed}")
