"""Judging a log container years later: time first, then the signature as of that time.

Source: message-path dossier s.5.4, s.5.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, short_form
from lienthong.exchange.message.evidence.container import EvidenceContainer, read_evidence
from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, TIMESTAMP_CHAIN, verify_chain
from lienthong.exchange.message.signers import is_rest, read_logged_soap, signer_of
from lienthong.exchange.message.soap import emptied
from lienthong.exchange.message.verification import (
    Circumstances,
    SignatureCheck,
    SignedParts,
    TrustSource,
    check_signature,
    judge_message,
)
from lienthong.trust.algorithms import PRODUCTION, Policy
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.timestamps import judge_token
from lienthong.trust.validation import SignatureReport, TimeEvidence, TimestampKind
from lienthong.trust.xades import XadesSignature

_SIGNATURES = "/META-INF/signatures.xml"
_MESSAGE = "/message.xml"
_BODY = "/attachment1"
_LOG = "mlog"
_EMPTIED = "The log kept this envelope without its body: show the whole one"
_UNREADABLE = "mlog.timestamp_response_validation_failed"


@dataclass(frozen=True, slots=True)
class _Stamp:
    kind: TimestampKind
    token: bytes
    data: bytes


def verify_evidence(
    data: bytes, *, trust: TrustSource, policy: Policy = PRODUCTION, body: bytes | None = None
) -> SignatureReport:
    """Read and judge a container; a file that is none gets a report too.

    Args:
        body: Shown later because it was not kept: the body of a REST message, the whole envelope of a SOAP message.
    """
    try:
        evidence = read_evidence(data)
    except Fault as fault:
        return SignatureReport(fault_code=fault.code, detail=fault.message, policy=policy.name)
    shown = {} if body is None else {_BODY if is_rest(evidence.message) else _MESSAGE: body}
    return judge_evidence(evidence, trust=trust, policy=policy, bodies=shown)


def judge_evidence(
    evidence: EvidenceContainer,
    *,
    trust: TrustSource,
    policy: Policy = PRODUCTION,
    bodies: Mapping[str, bytes] | None = None,
) -> SignatureReport:
    """Judge a container at the time its timestamp proves; without one nothing is proven.

    Args:
        bodies: Data objects shown later because they were not kept, by name; they stand in for kept ones. An envelope
            shown must have the headers of the emptied one.
    """
    shown = bodies or {}
    try:
        signer = signer_of(evidence.message)
        _require_same_headers(evidence.message, shown.get(_MESSAGE, evidence.message))
    except Fault as fault:
        return SignatureReport(fault_code=fault.code, detail=fault.message, policy=policy.name)
    check = check_signature(
        evidence.signature_xml, instance=signer.instance, trust=trust, policy=policy, check_structure=False
    )
    try:
        time = _prove_time(evidence, check, trust)
    except Fault as fault:
        return _unproven(fault, signer, check)
    message = SignedParts(
        parts={**evidence.parts, **shown},
        hash_chain_result=evidence.hash_chain_result,
        hash_chain=evidence.hash_chain,
    )
    circumstances = Circumstances(at=time.gen_time, digest_algorithm=None, accept_absent=True)
    report = judge_message(check, message, circumstances, signer=signer, trust=trust).report(time=time)
    if not report.is_valid and _MESSAGE not in shown and _is_emptied(evidence.message):
        return replace(report, detail=f"{report.detail}. {_EMPTIED}")
    return report


def _is_emptied(message: bytes) -> bool:
    if is_rest(message):
        return False
    try:
        return emptied(read_logged_soap(message)) == message
    except Fault:
        return False


def _require_same_headers(kept: bytes, shown: bytes) -> None:
    if kept != shown and (is_rest(kept) or emptied(read_logged_soap(kept)) != emptied(read_logged_soap(shown))):
        raise Fault("inconsistent_headers", "The message shown has other headers than the one kept")


def _prove_time(evidence: EvidenceContainer, check: SignatureCheck, trust: TrustSource) -> TimeEvidence:
    if check.signature is None:
        raise check.reading_fault or Fault("malformed_signature", "Signature cannot be read")
    outside = {reference.uri for reference in check.signature.outside_references}
    if outside.isdisjoint({_MESSAGE, SIGNATURE_RESULT}):
        raise Fault("malformed_signature", "Signature refers neither to the message nor to a hash chain result")
    if check.reading_fault is not None:
        raise check.reading_fault
    stamp = _stamp(evidence, check.signature)
    gen_time, authority = _judge_stamp(stamp, trust, check.policy)
    if evidence.timestamp_result is not None and evidence.timestamp_chain is not None:
        inputs = {_SIGNATURES: evidence.signature_xml}
        verify_chain(
            evidence.timestamp_result,
            evidence.timestamp_chain,
            inputs,
            chain_name=TIMESTAMP_CHAIN,
            policy=check.policy,
        )
    return TimeEvidence(gen_time=gen_time, authority=authority, kind=stamp.kind)


def _stamp(evidence: EvidenceContainer, signature: XadesSignature) -> _Stamp:
    if evidence.timestamp_result is not None and evidence.timestamp_token is not None:
        return _Stamp(TimestampKind.BATCH, evidence.timestamp_token, evidence.timestamp_result)
    if signature.timestamp is not None:
        return _Stamp(TimestampKind.SINGLE, signature.timestamp, signature.signature_value)
    raise Fault("asic_timestamp_not_found", "The container has no timestamp")


def _judge_stamp(stamp: _Stamp, trust: TrustSource, policy: Policy) -> tuple[datetime, str]:
    try:
        verdict = judge_token(stamp.token, data=stamp.data, authorities=trust.tsa_certificates(), policy=policy)
    except MalformedEvidenceError as exc:
        raise Fault(_UNREADABLE, f"Timestamp cannot be read: {exc}") from exc
    if verdict.fault_code == "unsupported_algorithm":
        raise Fault("malformed_signature.unsupported_algorithm", f"Timestamp: {verdict.detail}")
    if verdict.gen_time is None or verdict.authority is None:
        raise Fault(f"{_LOG}.{verdict.fault_code}", f"Timestamp does not hold: {verdict.detail}")
    return verdict.gen_time, verdict.authority.subject


def _unproven(fault: Fault, signer: ClientId, check: SignatureCheck) -> SignatureReport:
    report = SignatureReport(
        fault_code=fault.code, detail=fault.message, policy=check.policy.name, signer=short_form(signer)
    )
    if check.signature is None:
        return report
    return replace(report, certificate=check.signature.certificate, signed_at=check.signature.signing_time)
