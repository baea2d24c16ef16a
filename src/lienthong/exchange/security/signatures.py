"""Judges the signatures of messages on the wire; what one document or one signer costs is paid once for each.

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
from lienthong.exchange.security.known_signers import KnownSigners
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
        self._globalconf: GlobalConfSet | None = None
        self._signers = KnownSigners()
        self._kept: OrderedDict[tuple[bytes, str], SignatureCheck] = OrderedDict()

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
        for number, body in enumerate(received.signed_bodies, 1):
            parts[attachment_name(number)] = body.digest(algorithm)
        globalconf = snapshot.globalconf
        self._follow(globalconf)
        check = self._check(received.signature, signer.instance, globalconf)
        standing = None
        if check.reading_fault is None:
            standing = self._signers.standing(check.signer, at=at, trust=globalconf, policy=PRODUCTION)
        verdict = judge_message(
            check,
            SignedParts(parts=parts, hash_chain_result=received.hash_chain_result, hash_chain=received.hash_chain),
            Circumstances(at=at, digest_algorithm=algorithm),
            signer=signer,
            trust=globalconf,
            standing=standing,
        )
        if verdict.fault is not None:
            raise Fault(verdict.fault.code, verdict.fault.message)  # a kept fault must not gather tracebacks

    def _follow(self, globalconf: GlobalConfSet) -> None:
        """Forget what was judged by another configuration."""
        if globalconf is not self._globalconf:
            self._globalconf = globalconf
            self._signers = KnownSigners()
            self._kept.clear()

    def _check(self, signature: bytes, instance: str, globalconf: GlobalConfSet) -> SignatureCheck:
        key = (signature, instance)
        check = self._kept.get(key)
        if check is None:
            check = check_signature(
                signature, instance=instance, trust=globalconf, policy=PRODUCTION, signer_check=self._signers.check
            )
            if len(signature) > MAX_KEPT_BYTES:
                return check
            if len(self._kept) >= MAX_KEPT:
                self._kept.popitem(last=False)
            self._kept[key] = check
        else:
            self._kept.move_to_end(key)
        return check
