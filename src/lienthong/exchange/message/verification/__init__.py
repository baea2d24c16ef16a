"""Judging the signature of a message, on the wire and in evidence.

Two halves: what depends on the signature document alone (:func:`check_signature`, costly, kept by callers) and what
depends on the message and the instant (:func:`judge_message`). Source: message-path dossier s.4.6.
"""

from lienthong.exchange.message.verification.judgement import (
    Circumstances,
    MessageVerdict,
    Standing,
    judge_message,
    judge_standing,
    verify_message_signature,
)
from lienthong.exchange.message.verification.parts import SignedParts
from lienthong.exchange.message.verification.signature import (
    CheckSigner,
    SignatureCheck,
    SignerCheck,
    check_signature,
    check_signer,
)
from lienthong.exchange.message.verification.trust_source import KnownAuthority, TrustSource

__all__ = [
    "CheckSigner",
    "Circumstances",
    "KnownAuthority",
    "MessageVerdict",
    "SignatureCheck",
    "SignedParts",
    "SignerCheck",
    "Standing",
    "TrustSource",
    "check_signature",
    "check_signer",
    "judge_message",
    "judge_standing",
    "verify_message_signature",
]
