"""Climbing a hash chain that is written and shaped as servers make them, from the digests of a message on the wire.

Every step but the last refers to the next one, and the data objects are inputs known by their digests. Whatever is not
so, or does not lead to the top, is left to the general walk, which knows what to say about it.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence

from lienthong.exchange.message.hash_chain.reading import HashChainResult
from lienthong.exchange.message.hash_chain.steps import uniform_step
from lienthong.exchange.message.hash_chain.usual_shape import UsualPiece, match_chain
from lienthong.trust.algorithms import Digest, DigestAlgorithm

DEPTH_MAX = 64
"""Steps below one another."""


def climb(
    result: HashChainResult, chain_xml: bytes, chain_name: str, inputs: Mapping[str, Digest]
) -> tuple[str, ...] | None:
    """The data objects, all *inputs*, from which the chain leads to the top of *result*.

    None says only that the general walk must decide.
    """
    usual = match_chain(chain_xml)
    algorithm = result.top.algorithm
    if usual is None or usual[0] != algorithm.uri:
        return None
    steps = _steps(usual[1])
    if not 0 < len(steps) <= DEPTH_MAX or result.uri != f"{chain_name}#{steps[0][0]}":
        return None
    try:
        top, covered = _top(steps, algorithm, inputs)
    except (KeyError, ValueError):
        return None
    each_once = len(covered) == len(inputs) and inputs.keys() == set(covered)
    return tuple(covered) if top == result.top.value and each_once else None


_Step = tuple[str, list[UsualPiece]]


def _steps(pieces: Sequence[UsualPiece]) -> list[_Step]:
    steps: list[_Step] = []
    for piece in pieces:
        if piece[0]:
            steps.append((piece[0], []))
        else:
            steps[-1][1].append(piece)
    return steps


def _top(steps: Sequence[_Step], algorithm: DigestAlgorithm, inputs: Mapping[str, Digest]) -> tuple[bytes, list[str]]:
    """The digest of the first step, and the inputs below it; raises KeyError, ValueError for an unusual chain."""
    covered: list[str] = []
    below: dict[str, bytes] = {}
    for name, children in reversed(steps):
        values: list[bytes] = []
        for _, data_uri, stated, other, step_uri in children:
            if other:
                value = binascii.a2b_base64(other, strict_mode=True)
            elif step_uri:
                value = below.pop(step_uri)
            else:
                value = _input(inputs[data_uri], stated, algorithm)
                covered.append(data_uri)
            values.append(value)
        if below:
            raise ValueError("a step that the one before it does not refer to")
        below = {f"#{name}": uniform_step(values, algorithm)}
    return below[f"#{steps[0][0]}"], covered


def _input(digest: Digest, stated: str, algorithm: DigestAlgorithm) -> bytes:
    if digest.algorithm is not algorithm or stated != binascii.b2a_base64(digest.value, newline=False).decode():
        raise ValueError("not the digest that the chain states")
    return digest.value
