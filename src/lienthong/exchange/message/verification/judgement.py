"""The verdict on one message at one instant, in the order in which X-Road servers ask.

Source: message-path dossier s.4.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, short_form
from lienthong.exchange.message.hash_chain.verification import ChainedPart
from lienthong.exchange.message.verification.parts import SignedParts, check_references, cover_parts
from lienthong.exchange.message.verification.signature import (
    CANNOT_CREATE_PATH,
    INCORRECT_CERTIFICATE,
    UNSUPPORTED,
    SignatureCheck,
    SignerCheck,
    StatusEvidence,
    check_signature,
)
from lienthong.exchange.message.verification.trust_source import TrustSource
from lienthong.trust.algorithms import PRODUCTION, DigestAlgorithm, Policy
from lienthong.trust.certificates import judge_path
from lienthong.trust.ocsp import OcspVerdict, good_until, judge_freshness
from lienthong.trust.validation import PartState, ReportedPart, RevocationEvidence, SignatureReport, TimeEvidence

_INVALID_PATH = "invalid_cert_path"


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Under which conditions a message is judged."""

    at: datetime
    """Aware UTC instant that certificates and OCSP answers are asked about."""
    digest_algorithm: DigestAlgorithm | None = DigestAlgorithm.SHA512
    """``x-hash-algorithm`` of a message on the wire; None for evidence."""
    accept_absent: bool = False
    """Whether attachments that were not kept are taken by their digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the signer's certificate is worth at an instant."""

    fault: Fault | None
    """None where it may sign."""
    statuses: tuple[OcspVerdict, ...] = ()
    """What OCSP answers are worth, in path order."""
    until: datetime
    """The last instant at which it is sure to be worth the same."""


class MessageVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a message was signed by the one who is said to have sent it."""

    fault: Fault | None
    """None where everything holds."""
    signer: ClientId
    """Who is said to have sent it."""
    check: SignatureCheck
    """The half that depends on the signature document."""
    parts: tuple[ChainedPart, ...] = ()
    """What is signed; empty unless everything before step 7 holds."""
    statuses: tuple[OcspVerdict, ...] = ()
    """What OCSP answers are worth at the instant, in path order."""

    @property
    def is_valid(self) -> bool:
        """Whether everything holds."""
        return self.fault is None

    def report(self, *, time: TimeEvidence | None = None) -> SignatureReport:
        """The verdict as a report."""
        signature = self.check.signature
        return SignatureReport(
            fault_code=None if self.fault is None else self.fault.code,
            detail="" if self.fault is None else self.fault.message,
            policy=self.check.policy.name,
            signer=short_form(self.signer),
            certificate=None if signature is None else signature.certificate,
            chain=self.check.signer.path,
            revocation=tuple(map(_revocation, self.check.signer.statuses, self.statuses)),
            signed_at=None if signature is None else signature.signing_time,
            time=time,
            parts=tuple(_reported(part) for part in self.parts),
            missing=tuple(_missing(self.check)),
        )


def verify_message_signature(
    signature_xml: bytes,
    message: SignedParts,
    circumstances: Circumstances,
    *,
    signer: ClientId,
    trust: TrustSource,
    policy: Policy = PRODUCTION,
    check_structure: bool = True,
) -> MessageVerdict:
    """Judge a message and its signature from the evidence given and nothing else.

    Args:
        signer: The client of a request, the service's client of a response.
        check_structure: Whether the XAdES content model is enforced: on the wire, not for evidence.
    """
    check = check_signature(
        signature_xml, instance=signer.instance, trust=trust, policy=policy, check_structure=check_structure
    )
    return judge_message(check, message, circumstances, signer=signer, trust=trust)


def judge_message(
    check: SignatureCheck,
    message: SignedParts,
    circumstances: Circumstances,
    *,
    signer: ClientId,
    trust: TrustSource,
    standing: Standing | None = None,
) -> MessageVerdict:
    """Judge one message by a signature that was checked already; only this half is paid per message.

    Args:
        standing: The certificate's, where it is known for this instant.
    """
    try:
        parts = _cover(check, message, circumstances, signer)
    except Fault as fault:
        return MessageVerdict(fault=fault, signer=signer, check=check)
    standing = standing or judge_standing(check.signer, at=circumstances.at, trust=trust, policy=check.policy)
    return MessageVerdict(fault=standing.fault, signer=signer, check=check, parts=parts, statuses=standing.statuses)


def judge_standing(signer: SignerCheck, *, at: datetime, trust: TrustSource, policy: Policy) -> Standing:
    """Step 8: does the certificate's path hold, and is nothing in it revoked? Source: message-path dossier s.4.6."""
    statuses: tuple[OcspVerdict, ...] = ()
    try:
        _require_path(signer, at, policy)
        statuses = tuple(_status(evidence, at, trust) for evidence in signer.statuses)
        _require_good(signer, statuses)
    except Fault as fault:
        return Standing(fault=fault, statuses=statuses, until=at)
    freshness, next_update = trust.ocsp_freshness(), trust.verify_next_update()
    ends = [good_until(status, freshness=freshness, check_next_update=next_update) for status in statuses]
    return Standing(
        fault=None, statuses=statuses, until=min(*filter(None, ends), *(each.not_after for each in signer.path))
    )


def _cover(
    check: SignatureCheck, message: SignedParts, circumstances: Circumstances, signer: ClientId
) -> tuple[ChainedPart, ...]:
    """Steps 1 to 6."""
    if check.reading_fault is not None or check.signature is None:
        raise check.reading_fault or Fault("malformed_signature", "Signature cannot be read")
    chained = cover_parts(
        check.signature,
        message,
        policy=check.policy,
        digest_algorithm=circumstances.digest_algorithm,
        accept_absent=circumstances.accept_absent,
    )
    _raise_first(check.signer.usage_fault, check.signer.member_fault)
    member = check.signer.member
    if member is None or not member.is_same_member(signer):
        text = f"Certificate of {member} cannot sign for {signer}"
        raise Fault(INCORRECT_CERTIFICATE, text)
    _raise_first(check.value_fault)
    return check_references(check.signature, message, accept_absent=circumstances.accept_absent) + chained


def _raise_first(*faults: Fault | None) -> None:
    for fault in faults:
        if fault is not None:
            raise Fault(fault.code, fault.message)  # a kept fault must not gather tracebacks


def _require_path(signer: SignerCheck, at: datetime, policy: Policy) -> None:
    verdict = judge_path(signer.path, at=at, policy=policy)
    if verdict.problem is None:
        return
    code = {"cannot_create_cert_path": CANNOT_CREATE_PATH, "unsupported_algorithm": UNSUPPORTED}.get(verdict.problem)
    if code is None:
        code = verdict.problem if verdict.problem == _INVALID_PATH else f"{_INVALID_PATH}.{verdict.problem}"
    raise Fault(code, f"Certificate path does not hold: {verdict.detail}")


def _status(evidence: StatusEvidence, at: datetime, trust: TrustSource) -> OcspVerdict:
    if evidence.verdict is None:
        text = f"Unable to find OCSP response for certificate {evidence.certificate.subject}"
        return OcspVerdict(status=None, fault_code="cert_validation", detail=text)
    return judge_freshness(
        evidence.verdict, at=at, freshness=trust.ocsp_freshness(), check_next_update=trust.verify_next_update()
    )


def _require_good(signer: SignerCheck, statuses: tuple[OcspVerdict, ...]) -> None:
    if not signer.statuses:
        raise Fault(CANNOT_CREATE_PATH, "The signing certificate is a trust anchor itself")
    for verdict in statuses:
        if not verdict.is_good:
            raise Fault(f"{_INVALID_PATH}.{verdict.fault_code}", verdict.detail)


def _revocation(evidence: StatusEvidence, verdict: OcspVerdict) -> RevocationEvidence:
    return RevocationEvidence(
        subject=evidence.certificate.subject,
        responder="" if verdict.responder is None else verdict.responder.subject,
        produced_at=verdict.produced_at,
        status="" if verdict.status is None else verdict.status.name,
    )


def _missing(check: SignatureCheck) -> list[str]:
    if check.signature is None:
        return []
    signer = check.signer
    absent = [f"OCSP answer about {item.certificate.subject}" for item in signer.statuses if item.verdict is None]
    return absent if signer.path else [f"certificate of {check.signature.certificate.issuer}"]


def _reported(part: ChainedPart) -> ReportedPart:
    state = PartState.VERIFIED if part.is_present else PartState.ABSENT
    return ReportedPart(name=part.name, digest=part.digest, state=state)
