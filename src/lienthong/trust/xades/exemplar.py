"""Reading a signature that differs from one already read in nothing but its values.

A signer's documents are alike to the byte except for the digests in SignedInfo, the signature value and the signing
time. So the rest, the skeleton, is read once by :mod:`reading`, with stand-ins for the values, and kept; the next
document with that skeleton has its own values put in their places. Values are base64 and a time, which mean the same
to every parser. A skeleton is used only when filling it gives exactly what reading gives.
Source: message-path dossier s.4.3.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from lienthong.trust.algorithms import Digest
from lienthong.trust.errors import TrustError
from lienthong.trust.xades.reading import XadesSignature, read_signature, read_signing_time

_BASE64 = rb"([A-Za-z0-9+/]+={0,2})</"
_DIGEST_VALUE = re.compile(rb"DigestValue>" + _BASE64)
_SIGNATURE_VALUE = re.compile(rb'SignatureValue(?: Id="[A-Za-z0-9.-]+")?>' + _BASE64)
_SIGNING_TIME = re.compile(rb"SigningTime>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))</")
_UTF_8 = re.compile(rb'<\?xml version="1.0" encoding="UTF-8"(?: standalone="(?:yes|no)")?\?>')
_STAND_INS = ((0, b"2000-01-01T00:00:00Z"), (5000, b"2001-02-03T04:05:06.789+07:00"))
"""Number of the first value, each written as four digits (which are base64), and a time."""
_MAX_VALUES = 1000
_MAX_BYTES = 64 * 1024
"""Skeletons are kept; longer documents are read from first to last each time."""

Pieces = tuple[bytes, ...]
"""Text around values: one more than there are values."""


def parse_signature(xml: bytes, *, check_structure: bool = True) -> XadesSignature:
    """Read a signature document, as :func:`~lienthong.trust.xades.reading.read_signature` does and with its errors."""
    spans = _spans(xml)
    if spans is not None:
        exemplar = _exemplar(_around(xml, spans), check_structure=check_structure)
        signature = None if exemplar is None else exemplar.fill([xml[start:end] for start, end in spans])
        if signature is not None:
            return signature
    return read_signature(xml, check_structure=check_structure)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exemplar:
    signature: XadesSignature
    info: Pieces
    """Canonical SignedInfo around its digests."""
    properties: Pieces
    """Canonical SignedProperties around the time."""

    def fill(self, values: Sequence[bytes]) -> XadesSignature | None:
        """The signature with these values, in document order; None where one is no value."""
        *digests, value, time = values
        properties = _fill(self.properties, (time,))
        try:
            decoded = [binascii.a2b_base64(text, strict_mode=True) for text in (*digests, value)]
            references = tuple(
                replace(
                    reference,
                    digest=Digest(reference.digest.algorithm, digest),
                    content=None if reference.content is None else properties,
                )
                for reference, digest in zip(self.signature.references, decoded, strict=False)
            )
            return replace(
                self.signature,
                signed_info=_fill(self.info, digests),
                signature_value=decoded[-1],
                references=references,
                signing_time=read_signing_time(time.decode("ascii")),
                signed_properties=properties,
            )
        except (ValueError, TrustError):
            return None


@lru_cache(maxsize=256)
def _exemplar(skeleton: Pieces, *, check_structure: bool) -> _Exemplar | None:
    """What a skeleton is filled in; None where filling it would not be the same as reading it."""
    first, second = (_stand_ins(len(skeleton) - 1, *stand_in) for stand_in in _STAND_INS)
    try:
        signature, other = (
            read_signature(_fill(skeleton, values), check_structure=check_structure) for values in (first, second)
        )
    except TrustError:
        return None
    info, properties = _split(signature.signed_info, first[:-2]), _split(signature.signed_properties, first[-1:])
    if info is None or properties is None or len(signature.references) != len(first) - 2:
        return None
    exemplar = _Exemplar(signature=signature, info=info, properties=properties)
    return exemplar if exemplar.fill(second) == other else None


def _spans(xml: bytes) -> list[tuple[int, int]] | None:
    """Where the values are that change from document to document."""
    if len(xml) > _MAX_BYTES or not _UTF_8.match(xml):
        return None
    value = _SIGNATURE_VALUE.search(xml)
    time = None if value is None else _SIGNING_TIME.search(xml, value.end())
    if value is None or time is None:
        return None
    digests = [found.span(1) for found in _DIGEST_VALUE.finditer(xml, 0, value.start())]
    return [*digests, value.span(1), time.span(1)] if len(digests) < _MAX_VALUES else None


def _around(text: bytes, spans: Sequence[tuple[int, int]]) -> Pieces:
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return tuple(text[start:end] for start, end in zip(starts, ends, strict=True))


def _split(text: bytes, values: Sequence[bytes]) -> Pieces | None:
    """The text around *values*, each of which must fill an element, in this order."""
    spans, position = [], 0
    for value in values:
        start = text.find(b">%b</" % value, position) + 1
        if start == 0:
            return None
        position = start + len(value)
        spans.append((start, position))
    return _around(text, spans)


def _fill(pieces: Pieces, values: Sequence[bytes]) -> bytes:
    return b"".join(part for pair in zip(pieces, (*values, b""), strict=True) for part in pair)


def _stand_ins(count: int, start: int, time: bytes) -> list[bytes]:
    return [*(b"%04d" % number for number in range(start, start + count - 1)), time]
