"""Judges the signatures of messages on the wire; what one signature document costs is paid once per document.

Source: message-path dossier s.4.6.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.signing import MESSAGE_NAME, attachment_name
from lienthong.exchange.message.verification import (
    Circumstances,
    SignatureCheck,
    SignedParts,
    Standing,
    check_signature,
    judge_message,
    judge_standing,
)
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.trust.algorithms import PRODUCTION, Digest, DigestAlgorithm

MAX_KEPT = 1024
"""Signature documents whose costly half is remembered; a batch of any size needs one."""
MAX_KEPT_BYTES = 64 * 1024
"""A longer document is judged anew each time: what is remembered must stay small."""


class SignatureJudge:
    """Judges under the production policy, never another."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[bytes, str], _Known] = OrderedDict()

    def judge(
        self,
        snapshot: Snapshot,
        signer: ClientId,
        received: ReceivedMessage,
        algorithm: DigestAlgorithm,
        *,
        at: datetime,
    ) -> None:
        """Accept a message as signed by *signer*'s member; raises the Fault that says why not, without prefix."""
        if received.message is None or received.signature is None:
            raise Fault("missing_signature", "Message does not have signature")
        parts: dict[str, bytes | Digest] = {MESSAGE_NAME: received.message}
        if received.body is not None:
            parts[attachment_name(1)] = received.body.digest(algorithm)
        known = self._known(received.signature, signer.instance, snapshot.globalconf, at)
        verdict = judge_message(
            known.check,
            SignedParts(parts=parts, hash_chain_result=received.hash_chain_result, hash_chain=received.hash_chain),
            Circumstances(at=at, digest_algorithm=algorithm),
            signer=signer,
            trust=snapshot.globalconf,
            standing=known.standing,
        )
        if verdict.fault is not None:
            raise Fault(verdict.fault.code, verdict.fault.message)  # a kept fault must not gather tracebacks

    def _known(self, signature: bytes, instance: str, globalconf: GlobalConfSet, at: datetime) -> _Known:
        if len(signature) > MAX_KEPT_BYTES:
            return _examine(signature, instance, globalconf, at)
        key = (signature, instance)
        known = self._kept.get(key)
        if known is None or known.globalconf is not globalconf:
            known = _examine(signature, instance, globalconf, at)
        elif not known.since <= at <= known.standing.until:
            known = replace(known, since=at, standing=judge_standing(known.check, at=at, trust=globalconf))
        self._kept[key] = known
        self._kept.move_to_end(key)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)
        return known


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """The costly half of a signature document, and what its certificate is worth for a while."""

    globalconf: GlobalConfSet
    check: SignatureCheck
    since: datetime
    standing: Standing


def _examine(signature: bytes, instance: str, globalconf: GlobalConfSet, at: datetime) -> _Known:
    check = check_signature(signature, instance=instance, trust=globalconf, policy=PRODUCTION, check_structure=True)
    standing = judge_standing(check, at=at, trust=globalconf)
    return _Known(globalconf=globalconf, check=check, since=at, standing=standing)
