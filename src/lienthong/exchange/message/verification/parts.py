"""What came with a signature, and whether the signature covers all of it.

Gaps that other servers leave open are refused here: a part that nothing covers, and a hash chain that the signature
does not refer to. Source: message-path dossier s.4.6.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, verify_chain
from lienthong.exchange.message.hash_chain.verification import ChainedPart, DataObject
from lienthong.trust.algorithms import Digest, DigestAlgorithm, Policy
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError
from lienthong.trust.xades import XadesReference, XadesSignature, canonicalize, read_xml

_MALFORMED = "malformed_signature"
_INVALID_VALUE = "invalid_signature_value"
_ATTACHMENT = "/attachment"


class SignedParts(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it came: its parts by data object name, and the documents of a batch signature."""

    parts: Mapping[str, DataObject]
    """``/message.xml`` (bytes), ``/attachment1`` … (bytes or digest)."""
    hash_chain_result: bytes | None = None
    """None where none came."""
    hash_chain: bytes | None = None
    """None where none came."""


def cover_parts(
    signature: XadesSignature,
    message: SignedParts,
    *,
    policy: Policy,
    digest_algorithm: DigestAlgorithm | None,
    accept_absent: bool,
) -> tuple[ChainedPart, ...]:
    """Walk the hash chain, if any, and require that everything that came is covered (step 3, gaps a and b).

    Args:
        digest_algorithm: What ``x-hash-algorithm`` says on the wire: parts count by their digest alone. None for
            evidence: bytes are compared with what the chain states.
    Returns:
        What the chain covers; empty without one.
    Raises:
        Fault: ``malformed_signature`` and what is nested below it.
    """
    outside = {reference.uri for reference in signature.outside_references}
    chained = _walk(outside, message, policy, digest_algorithm, accept_absent=accept_absent)
    uncovered = set(message.parts) - outside - {part.name for part in chained}
    if uncovered:
        raise Fault(_MALFORMED, f"Signature does not cover {', '.join(sorted(uncovered))}")
    return chained


def check_references(
    signature: XadesSignature, message: SignedParts, *, accept_absent: bool
) -> tuple[ChainedPart, ...]:
    """Compare every reference to an outside object with what came (step 6).

    Returns:
        Message parts that the signature refers to directly.
    Raises:
        Fault: ``invalid_signature_value``.
    """
    found = []
    for reference in signature.outside_references:
        if reference.uri == SIGNATURE_RESULT:
            _require(message.hash_chain_result, reference)
            continue
        source = message.parts.get(reference.uri)
        if source is None and accept_absent and reference.uri.startswith(_ATTACHMENT):
            found.append(ChainedPart(reference.uri, reference.digest, is_present=False))
            continue
        _require(source, reference)
        found.append(ChainedPart(reference.uri, reference.digest, is_present=True))
    return tuple(found)


def _walk(
    outside: set[str],
    message: SignedParts,
    policy: Policy,
    digest_algorithm: DigestAlgorithm | None,
    *,
    accept_absent: bool,
) -> tuple[ChainedPart, ...]:
    result, chain = message.hash_chain_result, message.hash_chain
    if result is None and chain is None:
        return ()
    if SIGNATURE_RESULT not in outside:
        raise Fault(_MALFORMED, "A hash chain came along that the signature does not refer to")
    if result is None or chain is None:
        raise Fault(_MALFORMED, "Of hash chain and hash chain result only one came")
    if digest_algorithm is None:
        rest = {name: part for name, part in message.parts.items() if name not in outside}
        return verify_chain(result, chain, rest, message.parts.get, policy=policy, accept_absent=accept_absent)
    inputs = {
        name: part if isinstance(part, Digest) else digest_algorithm.digest(part)
        for name, part in message.parts.items()
    }
    return verify_chain(result, chain, inputs, policy=policy)


def _require(source: DataObject | None, reference: XadesReference) -> None:
    if source is None or not _holds(source, reference):
        raise Fault(_INVALID_VALUE, "Signature is not valid")


def _holds(source: DataObject, reference: XadesReference) -> bool:
    if isinstance(source, Digest):
        return not reference.transforms and source == reference.digest
    try:
        for algorithm in reference.transforms:
            source = canonicalize(read_xml(source), algorithm)
    except (MalformedEvidenceError, UnsupportedAlgorithmError):
        return False
    return reference.digest.algorithm.digest(source) == reference.digest
