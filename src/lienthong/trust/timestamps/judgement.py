"""Judging a timestamp token against the data it stamps and the authorities that count.

The signer's certificate is looked for among the authorities given, never in the token: a token proves nothing by what
it brings along. Source: message-path dossier s.5.4; RFC 3161 s.2.3, s.2.4.2; RFC 5652 s.5.4, s.5.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lienthong.trust.algorithms import Policy
from lienthong.trust.certificates import Certificate
from lienthong.trust.certificates.usage import TIME_STAMPING
from lienthong.trust.errors import UnsupportedAlgorithmError
from lienthong.trust.keys import verify_signature
from lienthong.trust.timestamps.tokens import TimestampToken, parse_token

TSP_CERTIFICATE_NOT_FOUND = "tsp_certificate_not_found"
SIGNER_VERIFICATION_FAILED = "timestamp_signer_verification_failed"
VALIDATION_FAILED = "timestamp_response_validation_failed"
UNSUPPORTED_ALGORITHM = "unsupported_algorithm"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampVerdict:
    """Whether the data existed at an instant, and who says so."""

    gen_time: datetime | None
    """Aware UTC; None unless everything holds."""
    authority: Certificate | None = field(default=None, repr=False)
    """Whose key signed; None where no authority given is meant."""
    fault_code: str | None = None
    """None where the token holds; else the last word of an X-Road fault code."""
    detail: str = ""
    """Why not, in English."""

    @property
    def holds(self) -> bool:
        """Whether the token proves that the data existed at ``gen_time``."""
        return self.fault_code is None


def judge_token(
    token_der: bytes, *, data: bytes, authorities: Sequence[Certificate], policy: Policy
) -> TimestampVerdict:
    """Decide whether *token_der* stamps *data* and was made by one of *authorities*.

    Args:
        data: The stamped bytes themselves.
        authorities: TSA certificates that count.
    Raises:
        MalformedEvidenceError: the token cannot be read.
    """
    try:
        token = parse_token(token_der)
    except UnsupportedAlgorithmError as exc:
        return TimestampVerdict(gen_time=None, fault_code=UNSUPPORTED_ALGORITHM, detail=str(exc))
    refused = {token.imprint.algorithm, token.digest_algorithm, token.algorithm.digest} - policy.digests
    if refused:
        names = ", ".join(sorted(algorithm.label for algorithm in refused))
        return _refused(UNSUPPORTED_ALGORITHM, f"{names} under policy {policy.name}")
    if token.imprint.algorithm.digest(data) != token.imprint:
        return _refused(VALIDATION_FAILED, "timestamp is over other data")
    named = [authority for authority in authorities if token.names_signer(authority)]
    if not named:
        return _refused(TSP_CERTIFICATE_NOT_FOUND, "timestamp is signed by none of the approved authorities")
    verdicts = [_judge_signer(token, authority, policy) for authority in named]
    return next((verdict for verdict in verdicts if verdict.holds), verdicts[0])


def _judge_signer(token: TimestampToken, authority: Certificate, policy: Policy) -> TimestampVerdict:
    broken = _broken_rule(token, authority)
    if broken:
        return _refused(SIGNER_VERIFICATION_FAILED, broken, authority)
    try:
        holds = verify_signature(
            authority.public_key_der, token.signed_attributes_der, token.signature, token.algorithm, policy=policy
        )
    except UnsupportedAlgorithmError as exc:
        return _refused(UNSUPPORTED_ALGORITHM, str(exc), authority)
    if not holds:
        return _refused(SIGNER_VERIFICATION_FAILED, "timestamp signature does not hold", authority)
    return TimestampVerdict(gen_time=token.gen_time, authority=authority)


def _broken_rule(token: TimestampToken, authority: Certificate) -> str:
    if token.content_type != _TST_INFO:
        return "signed attribute contentType is not TSTInfo"
    if token.digest_algorithm.digest(token.content).value != token.message_digest:
        return "signed attribute messageDigest does not match"
    named = token.certificate_hash
    if named is not None and authority.hash(named.algorithm) != named:
        return "signed attribute signingCertificate names another certificate"
    if TIME_STAMPING not in authority.extended_key_usage:
        return "authority's certificate is not for timestamping"
    if not authority.is_valid_at(token.gen_time):
        return "authority's certificate was not valid at genTime"
    return ""


def _refused(code: str, detail: str, authority: Certificate | None = None) -> TimestampVerdict:
    return TimestampVerdict(gen_time=None, authority=authority, fault_code=code, detail=detail)
