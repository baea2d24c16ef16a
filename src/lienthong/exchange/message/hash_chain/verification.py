"""Whether a hash chain leads from the data objects at hand to the digest that was signed or stamped.

Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain.documents import SIGNATURE_CHAIN
from lienthong.exchange.message.hash_chain.reading import (
    ChildKind,
    HashChain,
    HashChainResult,
    StepChild,
    read_chain,
    read_result,
)
from lienthong.exchange.message.hash_chain.steps import step_digest
from lienthong.exchange.message.hash_chain.usual_walk import DEPTH_MAX, climb
from lienthong.trust.algorithms import PRODUCTION, Digest, DigestAlgorithm, Policy
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.xades.xml import canonicalize, read_xml

MALFORMED = "malformed_signature.malformed_hash_chain"
INVALID_REF = "malformed_signature.invalid_hash_chain_ref"
INVALID = "malformed_signature.invalid_hash_chain"
UNUSED_INPUTS = "malformed_signature.hashchain_unused_inputs"
UNSUPPORTED = "malformed_signature.unsupported_algorithm"

_ATTACHMENT = "/attachment"

DataObject = bytes | Digest
"""A data object, or its digest where the bytes went by."""
Resolver = Callable[[str], DataObject | None]
"""Finds the bytes of a data object by name; None where it is not at hand."""


class ChainedPart(msgspec.Struct, frozen=True, gc=False):
    """A data object that the chain covers."""

    name: str
    """``/message.xml``."""
    digest: Digest
    """Its digest in the chain."""
    is_present: bool
    """Whether the object was at hand and compared."""


def verify_chain(
    result_xml: bytes,
    chain_xml: bytes,
    inputs: Mapping[str, DataObject],
    resolver: Resolver | None = None,
    *,
    chain_name: str = SIGNATURE_CHAIN,
    policy: Policy = PRODUCTION,
    accept_absent: bool = False,
) -> tuple[ChainedPart, ...]:
    """Walk the chain and return every data object that it covers.

    Args:
        inputs: What was received, by name; every one must be used by the chain.
        resolver: Where to find objects that are not inputs.
        chain_name: The name by which the result must point at the chain.
        accept_absent: Whether an attachment nobody has is taken by the digest that the chain states (evidence whose
            attachments were not kept).
    Raises:
        Fault: ``malformed_signature.`` and malformed_hash_chain, invalid_hash_chain_ref, invalid_hash_chain,
            hashchain_unused_inputs or unsupported_algorithm.
    """
    try:
        result = read_result(result_xml)
        digests = {name: source for name, source in inputs.items() if isinstance(source, Digest)}
        if len(digests) == len(inputs) and result.top.algorithm in policy.digests:
            covered = climb(result, chain_xml, chain_name, digests)
            if covered is not None:
                return tuple(ChainedPart(name, digests[name], True) for name in covered)
        chain = read_chain(chain_xml)
    except UnsupportedAlgorithmError as exc:
        raise Fault(UNSUPPORTED, str(exc)) from exc
    except MalformedEvidenceError as exc:
        raise Fault(MALFORMED, f"Hash chain cannot be read: {exc}") from exc
    walk = _Walk(chain, inputs, resolver or (lambda name: None), policy, accept_absent=accept_absent)
    return walk.run(result, chain_name)


@dataclass(slots=True)
class _Walk:
    chain: HashChain
    inputs: Mapping[str, DataObject]
    resolver: Resolver
    policy: Policy
    accept_absent: bool = field(kw_only=True)
    covered: dict[str, ChainedPart] = field(default_factory=dict)
    visited: set[str] = field(default_factory=set)

    def run(self, result: HashChainResult, chain_name: str) -> tuple[ChainedPart, ...]:
        name, _, first = result.uri.partition("#")
        if name != chain_name or first not in self.chain.steps:
            raise Fault(INVALID_REF, f"Hash chain result points at {result.uri!r}, where no step is")
        if self._step(first, result.top.algorithm, depth=0) != result.top:
            raise Fault(INVALID, "Hash chain result does not match hash chain calculation")
        unused = set(self.inputs) - set(self.covered)
        if unused:
            raise Fault(UNUSED_INPUTS, f"Hash chain does not cover {', '.join(sorted(unused))}")
        return tuple(self.covered.values())

    def _step(self, name: str, algorithm: DigestAlgorithm, *, depth: int) -> Digest:
        if name in self.visited or depth > DEPTH_MAX:
            raise Fault(MALFORMED, "A hash step is referred to twice, or steps lie too deep")
        self.visited.add(name)
        children = self.chain.steps[name]
        self._require_allowed(algorithm, *{child.algorithm for child in children})
        return step_digest(
            [
                (child.algorithm, child.value if child.kind is ChildKind.VALUE else self._value(child, depth))
                for child in children
            ],
            algorithm,
        )

    def _value(self, child: StepChild, depth: int) -> bytes:
        if child.kind is ChildKind.DATA:
            return self._data(child).value
        if not child.uri.startswith("#") or child.uri[1:] not in self.chain.steps:
            raise Fault(INVALID_REF, f"Hash chain points at {child.uri!r}, where no step is")
        return self._step(child.uri[1:], child.algorithm, depth=depth + 1).value

    def _data(self, child: StepChild) -> Digest:
        if child.uri in self.covered:
            raise Fault(MALFORMED, f"Hash chain covers {child.uri!r} twice")
        stated = Digest(child.algorithm, child.value)
        source = self.inputs.get(child.uri)
        if source is None:
            source = self.resolver(child.uri)
        if source is None and not (self.accept_absent and child.uri.startswith(_ATTACHMENT)):
            raise Fault(INVALID_REF, f"Hash chain covers {child.uri!r}, which did not come")
        digest = stated if source is None else _digest_of(source, child, stated)
        self.covered[child.uri] = ChainedPart(child.uri, digest, source is not None)
        return digest

    def _require_allowed(self, *algorithms: DigestAlgorithm) -> None:
        for algorithm in algorithms:
            if algorithm not in self.policy.digests:
                raise Fault(UNSUPPORTED, f"Hash chain uses {algorithm.label}, which policy {self.policy.name} refuses")


def _digest_of(source: DataObject, child: StepChild, stated: Digest) -> Digest:
    """The object's own digest; what the chain states is compared only where the bytes are at hand."""
    if isinstance(source, Digest):
        if child.transforms:
            raise Fault(INVALID_REF, f"Hash chain transforms {child.uri!r}, of which only a digest is at hand")
        if source.algorithm is not stated.algorithm:
            raise Fault(INVALID, f"Hash chain hashes {child.uri!r} by another algorithm than the message states")
        return source
    digest = stated.algorithm.digest(_transformed(source, child))
    if digest != stated:
        raise Fault(INVALID_REF, f"{child.uri!r} is not what the hash chain covers")
    return digest


def _transformed(data: bytes, child: StepChild) -> bytes:
    try:
        for algorithm in child.transforms:
            data = canonicalize(read_xml(data), algorithm)
    except (MalformedEvidenceError, UnsupportedAlgorithmError) as exc:
        raise Fault(INVALID_REF, f"{child.uri!r} cannot be transformed as the hash chain says: {exc}") from exc
    return data
