"""What a timestamp is taken over, and what each record keeps of it. Source: message-path s.5.4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.exchange.message.hash_chain import TIMESTAMP_CHAIN, ChainInput, build_chains
from lienthong.exchange.messagelog.entries import PendingSignature
from lienthong.trust.algorithms import DigestAlgorithm

SIGNATURES_NAME = "/META-INF/signatures.xml"
"""What a timestamp hash chain calls the stamped signature."""
RECORDS_LIMIT = 10_000
"""Records per batch. Source: message-path s.5.4 (timestamp-records-limit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampPlan:
    """One request to a timestamping authority and what to store with its answer."""

    data: bytes
    """The bytes whose digest is the message imprint."""
    hash_chain_result: bytes | None
    """The same bytes when they are a HashChainResult; None for a single signature."""
    hash_chains: dict[int, bytes | None]
    """Per record number: its chain, or None for a single signature."""


def plan_single(number: int, signature_value: bytes) -> TimestampPlan:
    """Stamp one signature: the imprint is over the decoded SignatureValue itself.

    Source: message-path s.5.4 (contrary to ETSI EN 319 132-1 s.5.3, which canonicalises the element).
    """
    return TimestampPlan(data=signature_value, hash_chain_result=None, hash_chains={number: None})


def plan_batch(
    pending: Sequence[PendingSignature], *, algorithm: DigestAlgorithm = DigestAlgorithm.SHA512
) -> TimestampPlan:
    """Stamp two signatures or more with one token, over a hash tree whose leaves are the signature hashes."""
    if len(pending) < 2:
        raise ValueError("a timestamp batch has at least two records; plan_single takes one")
    chains = build_chains(
        [[ChainInput(SIGNATURES_NAME, item.signature_hash)] for item in pending],
        algorithm=algorithm,
        chain_name=TIMESTAMP_CHAIN,
    )
    numbers = (item.number for item in pending)
    return TimestampPlan(
        data=chains.result,
        hash_chain_result=chains.result,
        hash_chains=dict(zip(numbers, chains.chains, strict=True)),
    )
