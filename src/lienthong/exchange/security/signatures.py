"""Judges the signatures of messages on the wire; what one signature document costs is paid once per document.

Source: message-path dossier s.4.6.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.signing import MESSAGE_NAME, attachment_name
from lienthong.exchange.message.verification import (
    Circumstances,
    SignatureCheck,
    SignedParts,
    check_signature,
    judge_message,
)
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.trust.algorithms import PRODUCTION, Digest, DigestAlgorithm

MAX_KEPT = 1024
"""Signature documents whose costly half is remembered; a batch of any size needs one."""


class SignatureJudge:
    """Judges under the production policy, never another."""

    def __init__(self) -> None:
        self._checks: OrderedDict[tuple[bytes, str], tuple[GlobalConfSet, SignatureCheck]] = OrderedDict()

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
        verdict = judge_message(
            self._check(received.signature, signer.instance, snapshot.globalconf),
            SignedParts(parts=parts, hash_chain_result=received.hash_chain_result, hash_chain=received.hash_chain),
            Circumstances(at=at, digest_algorithm=algorithm),
            signer=signer,
            trust=snapshot.globalconf,
        )
        if verdict.fault is not None:
            raise verdict.fault

    def _check(self, signature: bytes, instance: str, globalconf: GlobalConfSet) -> SignatureCheck:
        key = (signature, instance)
        kept = self._checks.get(key)
        if kept is not None and kept[0] is globalconf:
            self._checks.move_to_end(key)
            return kept[1]
        check = check_signature(signature, instance=instance, trust=globalconf, policy=PRODUCTION, check_structure=True)
        self._checks[key] = (globalconf, check)
        if len(self._checks) > MAX_KEPT:
            self._checks.popitem(last=False)
        return check
