"""Hash chain documents written exactly as servers write them, taken apart without an XML parser.

Patterns of whole documents and whole steps without entities, comments or other freedom: what matches means the same to
any parser, and whatever differs by one byte is left to :mod:`reading`. Servers choose freely which namespace is the
default one, so there are two shapes. Source: message-path dossier s.4.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.trust.algorithms import DigestAlgorithm

_SIZE_MAX = 1024 * 1024
_CHAIN_NAMESPACE = b"http://cyber.ee/hashchain"
_DS_NAMESPACE = b"http://www.w3.org/2000/09/xmldsig#"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_URI = rb'"([A-Za-z0-9/._#-]+)"'
_ALGORITHM = rb'Algorithm="([A-Za-z0-9:/.#-]+)"/>\n'


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """How one choice of the default namespace writes."""

    openings: Mapping[bytes, DigestAlgorithm]
    """Everything before the first step of a chain, by the chain's default algorithm."""
    begin: bytes
    """What every step begins with, up to its number."""
    end: bytes
    """What follows the last step."""
    step: re.Pattern[bytes]
    """A whole step after :attr:`begin`; group 1 is its number."""
    child: re.Pattern[bytes]
    """One child: URI and value of a data object, or value of somebody else's branch, or number of the step below."""
    result: re.Pattern[bytes]
    """A whole result: URI, algorithm, value."""


def _shape(chain: bytes, ds: bytes) -> Shape:
    """The shape with these prefixes of the hash chain and the signature namespace, one of them empty."""
    default, named = (_DS_NAMESPACE, _CHAIN_NAMESPACE) if chain else (_CHAIN_NAMESPACE, _DS_NAMESPACE)
    namespaces = b'xmlns="%b" xmlns:ns2="%b"' % (default, named)
    value = rb"<%bDigestValue>([A-Za-z0-9+/=]*)</%bDigestValue>\n" % (ds, ds)
    data = rb"        <%bDataRef URI=%b>\n            %b        </%bDataRef>\n" % (chain, _URI, value, chain)
    other = rb"        <%bHashValue>\n            %b        </%bHashValue>\n" % (chain, value, chain)
    below = rb'        <%bStepRef URI="#STEP([0-9]+)"/>\n' % chain
    child = rb"(?:%b|%b|%b)" % (data, other, below)
    opening = b'%b<%bHashChain %b>\n    <%bDefaultDigestMethod Algorithm="%b"/>\n'
    return Shape(
        openings={
            opening % (_DECLARATION, chain, namespaces, chain, algorithm.uri.encode()): algorithm
            for algorithm in DigestAlgorithm
        },
        begin=b'    <%bHashStep id="STEP' % chain,
        end=b"</%bHashChain>\n" % chain,
        step=re.compile(rb'([0-9]+)">\n(?:%b)*    </%bHashStep>\n' % (_ungrouped(child), chain)),
        child=re.compile(child),
        result=re.compile(
            rb"%b<%bHashChainResult URI=%b %b>\n    <%bDigestMethod %b    %b</%bHashChainResult>\n"
            % (re.escape(_DECLARATION), chain, _URI, re.escape(namespaces), ds, _ALGORITHM, value, chain)
        ),
    )


def _ungrouped(pattern: bytes) -> bytes:
    return re.sub(rb"\((?!\?)", b"(?:", pattern)


_SHAPES = (_shape(b"", b"ns2:"), _shape(b"ns2:", b""))


def match_result(xml: bytes) -> tuple[str, str, bytes] | None:
    """URI, digest algorithm and digest (base64) of a result in the usual shape; None for any other."""
    if len(xml) > _SIZE_MAX:
        return None
    found = next((match for shape in _SHAPES if (match := shape.result.fullmatch(xml))), None)
    return None if found is None else (found[1].decode(), found[2].decode(), found[3])


def split_chain(xml: bytes) -> tuple[Shape, DigestAlgorithm, list[bytes]] | None:
    """Shape, default algorithm and steps (without what each begins with) of a chain; None for an unusual one.

    What the steps hold is not looked at.
    """
    if len(xml) > _SIZE_MAX:
        return None
    for shape in _SHAPES:
        opening, *steps = xml.split(shape.begin)
        algorithm = shape.openings.get(opening)
        if algorithm is not None and steps and steps[-1].endswith(shape.end):
            steps[-1] = steps[-1][: -len(shape.end)]
            return shape, algorithm, steps
    return None


def read_step(shape: Shape, step: bytes, number: int) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """The children of a step with its number; see :attr:`Shape.child`. Raises ValueError for an unusual one."""
    found = shape.step.fullmatch(step)
    if found is None or found[1] != b"%d" % number:
        raise ValueError("not a step as servers write it")
    return shape.child.findall(step, found.end(1))
