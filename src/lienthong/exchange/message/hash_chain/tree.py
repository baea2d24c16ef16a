"""Building one hash tree over a batch, and for every message the chain that leads from it to the top.

Neighbours are paired left to right; an odd one at the end goes up unchanged. Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from lienthong.exchange.message.hash_chain import documents
from lienthong.exchange.message.hash_chain.steps import uniform_step
from lienthong.trust.algorithms import Digest, DigestAlgorithm


class ChainInput(msgspec.Struct, frozen=True, gc=False):
    """One data object that a batch covers."""

    name: str
    """``/message.xml``, ``/attachment1``, ``/META-INF/signatures.xml``."""
    digest: Digest
    """Digest of its bytes, by the algorithm of the chain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashChains:
    """What a batch yields: the document to sign or stamp, and one chain per message in the order given."""

    result: bytes
    """HashChainResult XML: exactly these bytes are signed or stamped."""
    chains: tuple[bytes, ...]
    """HashChain XML per message."""


class _Sibling(NamedTuple):
    written: str
    """The child that shows its digest; the same in every chain it stands in."""
    is_left: bool


def build_chains(
    messages: Sequence[Sequence[ChainInput]],
    *,
    algorithm: DigestAlgorithm = DigestAlgorithm.SHA512,
    chain_name: str = documents.SIGNATURE_CHAIN,
) -> HashChains:
    """Build the tree over *messages* (each its parts, at least one) and a chain for each.

    Args:
        algorithm: Hashes the steps; every input must carry it too.
        chain_name: Where verifiers will look for the chain.
    Raises:
        ValueError: no message, a message without parts, or an input by another algorithm.
    """
    _require_inputs(messages, algorithm)
    leaves = [_leaf(parts, algorithm, alone=len(messages) == 1) for parts in messages]
    top, paths = _climb(leaves, algorithm)
    chains = tuple(_write(parts, path, algorithm) for parts, path in zip(messages, paths, strict=True))
    return HashChains(result=documents.write_result(top, chain_name=chain_name), chains=chains)


def _require_inputs(messages: Sequence[Sequence[ChainInput]], algorithm: DigestAlgorithm) -> None:
    if not messages or not all(messages):
        raise ValueError("a hash chain needs at least one message, and each at least one part")
    if any(part.digest.algorithm is not algorithm for parts in messages for part in parts):
        raise ValueError(f"every digest of a chain by {algorithm.label} must be by {algorithm.label}")


def _leaf(parts: Sequence[ChainInput], algorithm: DigestAlgorithm, *, alone: bool) -> Digest:
    if len(parts) == 1 and not alone:
        return parts[0].digest
    return Digest(algorithm, uniform_step([part.digest.value for part in parts], algorithm))


def _climb(leaves: list[Digest], algorithm: DigestAlgorithm) -> tuple[Digest, list[list[_Sibling]]]:
    """Return the top digest and, per leaf, its siblings from bottom to top."""
    paths: list[list[_Sibling]] = [[] for _ in leaves]
    groups = [[index] for index in range(len(leaves))]
    level = leaves
    while len(level) > 1:
        level, groups = _pair(level, groups, paths, algorithm)
    return level[0], paths


def _pair(
    level: list[Digest], groups: list[list[int]], paths: list[list[_Sibling]], algorithm: DigestAlgorithm
) -> tuple[list[Digest], list[list[int]]]:
    above: list[Digest] = []
    merged: list[list[int]] = []
    for at in range(0, len(level) - 1, 2):
        left, right = level[at], level[at + 1]
        beside_left = _Sibling(documents.hash_value(right), is_left=False)
        beside_right = _Sibling(documents.hash_value(left), is_left=True)
        for index in groups[at]:
            paths[index].append(beside_left)
        for index in groups[at + 1]:
            paths[index].append(beside_right)
        above.append(Digest(algorithm, uniform_step((left.value, right.value), algorithm)))
        merged.append(groups[at] + groups[at + 1])
    if len(level) % 2:
        above.append(level[-1])
        merged.append(groups[-1])
    return above, merged


def _write(parts: Sequence[ChainInput], path: list[_Sibling], algorithm: DigestAlgorithm) -> bytes:
    own = [documents.data_ref(part.name, part.digest) for part in parts]
    steps: list[list[str]] = []
    for depth, sibling in enumerate(reversed(path)):
        is_last = depth == len(path) - 1
        branch = own[0] if is_last and len(own) == 1 else documents.step_ref(depth + 1)
        steps.append([sibling.written, branch] if sibling.is_left else [branch, sibling.written])
    if not path or len(own) > 1:
        steps.append(own)
    return documents.write_chain(steps, algorithm=algorithm)
