"""Reading hash chain documents that are written exactly as servers write them, without an XML parser.

A whole-document pattern without entities, comments or other freedom: what matches means the same to any parser, and
whatever differs by one byte is left to :mod:`reading`. Source: message-path dossier s.4.4.
"""

from __future__ import annotations

import re

_SIZE_MAX = 1024 * 1024
_URI = r'"([A-Za-z0-9/._#-]*)"'
_ALGORITHM = r'Algorithm="([A-Za-z0-9:/.#-]+)"/>\n'
_VALUE = r"<ns2:DigestValue>([A-Za-z0-9+/=]*)</ns2:DigestValue>\n"
_NAMESPACES = r'xmlns="http://cyber\.ee/hashchain" xmlns:ns2="http://www\.w3\.org/2000/09/xmldsig#"'
_DECLARATION = r'<\?xml version="1\.0" encoding="UTF-8" standalone="yes"\?>\n'
_DATA = rf"        <DataRef URI={_URI}>\n            {_VALUE}        </DataRef>\n"
_OTHER = rf"        <HashValue>\n            {_VALUE}        </HashValue>\n"
_OWN = rf"        <StepRef URI={_URI}/>\n"
_CHILD = re.compile(rf"(?:{_DATA}|{_OTHER}|{_OWN})")
_CHILDREN = re.sub(r"\((?!\?)", "(?:", _CHILD.pattern)
_STEP = re.compile(rf'    <HashStep id="([A-Za-z0-9]+)">\n((?:{_CHILDREN})*)    </HashStep>\n')
_STEPS = re.sub(r"\((?!\?)", "(?:", _STEP.pattern)
_CHAIN = re.compile(
    rf"{_DECLARATION}<HashChain {_NAMESPACES}>\n    <DefaultDigestMethod {_ALGORITHM}((?:{_STEPS})*)</HashChain>\n"
)
_RESULT = re.compile(
    rf"{_DECLARATION}<HashChainResult URI={_URI} {_NAMESPACES}>\n"
    rf"    <ns2:DigestMethod {_ALGORITHM}    {_VALUE}</HashChainResult>\n"
)

UsualStep = tuple[str, tuple[tuple[str | None, str | None, str | None, str | None], ...]]
"""Id, and per child: URI and value of a data object, value of somebody else's branch, URI of a step; None: absent."""


def match_result(xml: bytes) -> tuple[str, str, str] | None:
    """URI, digest algorithm and digest (base64) of a result in the usual shape; None for any other."""
    found = _RESULT.fullmatch(xml.decode("latin-1")) if len(xml) <= _SIZE_MAX else None
    return None if found is None else (found[1], found[2], found[3])


def match_chain(xml: bytes) -> tuple[str, list[UsualStep]] | None:
    """Default algorithm and steps of a chain in the usual shape; None for any other."""
    found = _CHAIN.fullmatch(xml.decode("latin-1")) if len(xml) <= _SIZE_MAX else None
    if found is None:
        return None
    steps = [
        (step[1], tuple(_groups(child) for child in _CHILD.finditer(step[2]))) for step in _STEP.finditer(found[2])
    ]
    return found[1], steps


def _groups(child: re.Match[str]) -> tuple[str | None, str | None, str | None, str | None]:
    return child[1], child[2], child[3], child[4]
