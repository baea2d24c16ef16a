"""Reading hash chain documents that are written exactly as servers write them, without an XML parser.

A whole-document pattern without entities, comments or other freedom: what matches means the same to any parser, and
whatever differs by one byte is left to :mod:`reading`. Servers choose freely which namespace is the default one, so
there are two patterns. Source: message-path dossier s.4.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIZE_MAX = 1024 * 1024
_CHAIN_NAMESPACE = r"http://cyber\.ee/hashchain"
_DS_NAMESPACE = r"http://www\.w3\.org/2000/09/xmldsig#"
_DECLARATION = r'<\?xml version="1\.0" encoding="UTF-8" standalone="yes"\?>\n'
_URI = r'"([A-Za-z0-9/._#-]+)"'
_ALGORITHM = r'Algorithm="([A-Za-z0-9:/.#-]+)"/>\n'

UsualPiece = tuple[str, str, str, str, str]
"""Id of a step that begins; or URI and value of a data object, or value of somebody else's branch, or URI of a step:
the next child of that step. What is absent is empty."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    piece: re.Pattern[str]
    chain: re.Pattern[str]
    result: re.Pattern[str]

    @classmethod
    def of(cls, chain: str, ds: str) -> _Patterns:
        """Patterns for the prefixes of the hash chain and the signature namespace, one of them empty."""
        default, named = (_CHAIN_NAMESPACE, _DS_NAMESPACE) if not chain else (_DS_NAMESPACE, _CHAIN_NAMESPACE)
        namespaces = f'xmlns="{default}" xmlns:ns2="{named}"'
        value = rf"<{ds}DigestValue>([A-Za-z0-9+/=]*)</{ds}DigestValue>\n"
        data = rf"        <{chain}DataRef URI={_URI}>\n            {value}        </{chain}DataRef>\n"
        other = rf"        <{chain}HashValue>\n            {value}        </{chain}HashValue>\n"
        own = rf"        <{chain}StepRef URI={_URI}/>\n"
        child = rf"(?:{data}|{other}|{own})"
        begin = rf'    <{chain}HashStep id="([A-Za-z0-9]+)">\n'
        step = rf"{_ungrouped(begin)}(?:{_ungrouped(child)})*    </{chain}HashStep>\n"
        default_method = rf"    <{chain}DefaultDigestMethod {_ALGORITHM}"
        opening = rf"{_DECLARATION}<{chain}HashChain {namespaces}>\n{default_method}"
        return cls(
            re.compile(rf"{begin}|{child}"),
            re.compile(rf"{opening}(?:{step})*</{chain}HashChain>\n"),
            re.compile(
                rf"{_DECLARATION}<{chain}HashChainResult URI={_URI} {namespaces}>\n"
                rf"    <{ds}DigestMethod {_ALGORITHM}    {value}</{chain}HashChainResult>\n"
            ),
        )


def match_result(xml: bytes) -> tuple[str, str, str] | None:
    """URI, digest algorithm and digest (base64) of a result in the usual shape; None for any other."""
    if len(xml) > _SIZE_MAX:
        return None
    text = xml.decode("latin-1")
    found = next((match for patterns in _SHAPES if (match := patterns.result.fullmatch(text))), None)
    return None if found is None else (found[1], found[2], found[3])


def match_chain(xml: bytes) -> tuple[str, list[UsualPiece]] | None:
    """Default algorithm and pieces of a chain in the usual shape; None for any other."""
    if len(xml) > _SIZE_MAX:
        return None
    text = xml.decode("latin-1")
    for patterns in _SHAPES:
        found = patterns.chain.fullmatch(text)
        if found is not None:
            return found[1], patterns.piece.findall(text, found.end(1))
    return None


def _ungrouped(pattern: str) -> str:
    return re.sub(r"\((?!\?)", "(?:", pattern)


_SHAPES = (_Patterns.of("", "ns2:"), _Patterns.of("ns2:", ""))
