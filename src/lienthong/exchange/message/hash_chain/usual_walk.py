"""Climbing a hash chain that is written and shaped as servers make them, from the digests of a message on the wire.

Steps are numbered from the top, each refers to the next one, and the data objects, inputs known by their digests, are
below the last. Whatever is not so, or does not lead to the top, is left to the general walk, which knows what to say
about it. The chains of one batch share most of their steps, so a step once reckoned is remembered.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from functools import lru_cache

from lienthong.exchange.message.hash_chain.reading import HashChainResult
from lienthong.exchange.message.hash_chain.steps import uniform_step
from lienthong.exchange.message.hash_chain.usual_shape import Shape, read_step, split_chain
from lienthong.trust.algorithms import Digest, DigestAlgorithm

DEPTH_MAX = 64
"""Steps below one another."""
_FIRST_STEP = "STEP0"
_STEP_USUAL = 1024
"""A longer step is reckoned afresh each time: what is kept must stay small."""


def climb(
    result: HashChainResult, chain_xml: bytes, chain_name: str, inputs: Mapping[str, Digest]
) -> tuple[str, ...] | None:
    """The data objects, all *inputs*, from which the chain leads to the top of *result*.

    None says only that the general walk must decide.
    """
    chain = split_chain(chain_xml)
    if chain is None or result.uri != f"{chain_name}#{_FIRST_STEP}":
        return None
    shape, algorithm, steps = chain
    if algorithm is not result.top.algorithm or len(steps) > DEPTH_MAX:
        return None
    try:
        number = len(steps) - 1
        value, covered = _last(shape, algorithm, steps[number], number, inputs)
        while number:
            number -= 1
            step = steps[number]
            branch = _known_branch if len(step) <= _STEP_USUAL else _branch
            value = branch(shape, algorithm, step, number, value)
    except (KeyError, ValueError):
        return None
    return covered if value == result.top.value and len(covered) == len(inputs) == len(set(covered)) else None


def _last(
    shape: Shape, algorithm: DigestAlgorithm, step: bytes, number: int, inputs: Mapping[str, Digest]
) -> tuple[bytes, tuple[str, ...]]:
    """Digest of the last step, and its data objects; raises KeyError, ValueError for an unusual one."""
    values: list[bytes] = []
    covered: list[str] = []
    for uri, stated, other, below in read_step(shape, step, number):
        if below:
            raise ValueError("the last step refers to another")
        if not uri:
            values.append(binascii.a2b_base64(other, strict_mode=True))
            continue
        name = uri.decode()
        digest = inputs[name]
        if digest.algorithm is not algorithm or stated != binascii.b2a_base64(digest.value, newline=False):
            raise ValueError("not the digest that the chain states")
        values.append(digest.value)
        covered.append(name)
    return uniform_step(values, algorithm), tuple(covered)


def _branch(shape: Shape, algorithm: DigestAlgorithm, step: bytes, number: int, value: bytes) -> bytes:
    """Digest of a step that refers to the next, whose digest is *value*; raises ValueError for an unusual one."""
    values: list[bytes] = []
    next_steps = 0
    for uri, _, other, below in read_step(shape, step, number):
        if uri or (below and below != b"%d" % (number + 1)):
            raise ValueError("a step that refers to something else than the next one")
        next_steps += bool(below)
        values.append(value if below else binascii.a2b_base64(other, strict_mode=True))
    if next_steps != 1:
        raise ValueError("a step that does not refer to the next one, once")
    return uniform_step(values, algorithm)


_known_branch = lru_cache(maxsize=1024)(_branch)
