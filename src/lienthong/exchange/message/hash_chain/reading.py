"""Reading hash chain documents strictly, into steps and what they point at.

Source: hashchain.xsd; message-path dossier s.4.4.
"""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from lienthong.exchange.message.hash_chain.usual_shape import match_result
from lienthong.trust.algorithms import Digest, DigestAlgorithm
from lienthong.trust.errors import MalformedEvidenceError
from lienthong.trust.xades import names
from lienthong.trust.xades.content_model import DS_MODEL
from lienthong.trust.xades.structure import ContentModel, StructureError
from lienthong.trust.xades.xml import Element, read_xml

HASH_CHAIN = "http://cyber.ee/hashchain"
_NS = {"h": HASH_CHAIN, "ds": names.DS}
_STEPS_MAX = 1000
_RESULT_USUAL = 4096
"""Longer results are read afresh each time: what is kept must stay small."""
_VALUE = "ds:DigestMethod? ds:Transforms? ds:DigestValue"
_MODEL = ContentModel(
    {
        names.DS: DS_MODEL,
        HASH_CHAIN: {
            "HashChain": ("DefaultDigestMethod? HashStep*", ""),
            "DefaultDigestMethod": ("#mixed any*", "Algorithm!"),
            "HashStep": ("(HashValue | StepRef | DataRef)*", "id"),
            "HashValue": (_VALUE, ""),
            "StepRef": ("ds:DigestMethod?", "URI!"),
            "DataRef": (_VALUE, "URI!"),
            "HashChainResult": ("ds:DigestMethod? ds:DigestValue", "URI!"),
        },
    }
)


class ChildKind(Enum):
    """What a child of a step is."""

    VALUE = "HashValue"
    """The digest of somebody else's branch."""
    STEP = "StepRef"
    """Another step of the same chain."""
    DATA = "DataRef"
    """A data object."""


class StepChild(NamedTuple):
    """One child of a step."""

    kind: ChildKind
    """Value, step or data."""
    uri: str
    """Where it points; empty for a value."""
    algorithm: DigestAlgorithm
    """Its own, or the chain's default."""
    value: bytes
    """DigestValue; empty for a step."""
    transforms: tuple[str, ...]
    """Algorithm URIs, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashChain:
    """A chain as read: its steps by id."""

    steps: Mapping[str, Sequence[StepChild]]
    """Children in document order."""
    default: DigestAlgorithm | None
    """DefaultDigestMethod."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashChainResult:
    """A chain result as read: the top of the tree, which is what gets signed or stamped."""

    uri: str
    """Chain document and first step: ``/sig-hashchain.xml#STEP0``."""
    top: Digest
    """Digest of the first step."""


def read_result(xml: bytes) -> HashChainResult:
    """Read a HashChainResult; raises MalformedEvidenceError, UnsupportedAlgorithmError."""
    return _kept_result(xml) if len(xml) <= _RESULT_USUAL else _read_result(xml)


def _read_result(xml: bytes) -> HashChainResult:
    usual = match_result(xml)
    if usual is not None:
        uri, name, value = usual
        return HashChainResult(uri=uri, top=Digest(DigestAlgorithm.from_uri(name), _decoded(value)))
    root = _read(xml, "HashChainResult")
    algorithm = _algorithm(root.find("ds:DigestMethod", _NS))
    if algorithm is None:
        raise StructureError("hash chain result names no digest method")
    return HashChainResult(uri=root.get("URI", ""), top=Digest(algorithm, _value(root)))


_kept_result = lru_cache(maxsize=64)(_read_result)
"""A whole batch shares one result."""


def read_chain(xml: bytes) -> HashChain:
    """Read a HashChain; raises MalformedEvidenceError, UnsupportedAlgorithmError."""
    root = _read(xml, "HashChain")
    default = _algorithm(root.find("h:DefaultDigestMethod", _NS))
    found = root.findall("h:HashStep", _NS)
    named = [(step.get("id", ""), [_child(child, default) for child in step]) for step in found]
    steps = dict(named)
    if len(steps) != len(named) or "" in steps:
        raise StructureError("a hash step has no id or one that is taken")
    if len(steps) > _STEPS_MAX:
        raise StructureError(f"hash chain of {len(steps)} steps")
    return HashChain(steps=steps, default=default)


def _read(xml: bytes, name: str) -> Element:
    root = read_xml(xml)
    if root.tag != f"{{{HASH_CHAIN}}}{name}":
        raise StructureError(f"document element is not {name}")
    if next(root.iter(etree.Comment, etree.ProcessingInstruction), None) is not None:
        raise StructureError("hash chain holds a comment or processing instruction")
    _MODEL.require(root)
    return root


def _child(element: Element, default: DigestAlgorithm | None) -> StepChild:
    kind = ChildKind(etree.QName(element).localname)
    return StepChild(
        kind=kind,
        uri=element.get("URI", ""),
        algorithm=_required(_algorithm(element.find("ds:DigestMethod", _NS)) or default),
        value=b"" if kind is ChildKind.STEP else _value(element),
        transforms=tuple(t.get("Algorithm", "") for t in element.iterfind("ds:Transforms/ds:Transform", _NS)),
    )


def _algorithm(method: Element | None) -> DigestAlgorithm | None:
    return None if method is None else DigestAlgorithm.from_uri(method.get("Algorithm", ""))


def _required(algorithm: DigestAlgorithm | None) -> DigestAlgorithm:
    if algorithm is None:
        raise StructureError("a child of a hash step has no digest method, and the chain no default")
    return algorithm


def _value(element: Element) -> bytes:
    return _decoded("".join(element.findtext("ds:DigestValue", "", _NS).split()))


def _decoded(text: str | bytes) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as exc:
        raise MalformedEvidenceError("DigestValue is not base64") from exc
