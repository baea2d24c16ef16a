"""Hash chain documents as bytes, in the shape that running servers write.

Byte templates rather than a tree: the documents are signed or stamped as they stand.
Source: message-path dossier s.4.4.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from lienthong.trust.algorithms import Digest, DigestAlgorithm

SIGNATURE_CHAIN = "/sig-hashchain.xml"
"""Name of the chain beside a batch signature."""
SIGNATURE_RESULT = "/sig-hashchainresult.xml"
"""Name of the document that a batch signature covers."""
TIMESTAMP_CHAIN = "/ts-hashchain.xml"
"""Name of the chain beside a batch timestamp."""
TIMESTAMP_RESULT = "/ts-hashchainresult.xml"
"""Name of the document that a batch timestamp covers."""
FIRST_STEP = "STEP0"
"""Where every chain of ours begins."""

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACES = 'xmlns="http://cyber.ee/hashchain" xmlns:ns2="http://www.w3.org/2000/09/xmldsig#"'
_PAD = "    "


def write_result(top: Digest, *, chain_name: str) -> bytes:
    """Write the HashChainResult that points at the first step of *chain_name*."""
    return (
        f"{_DECLARATION}<HashChainResult URI={quoteattr(f'{chain_name}#{FIRST_STEP}')} {_NAMESPACES}>\n"
        f'{_PAD}<ns2:DigestMethod Algorithm="{top.algorithm.uri}"/>\n'
        f"{_PAD}<ns2:DigestValue>{_b64(top)}</ns2:DigestValue>\n"
        "</HashChainResult>\n"
    ).encode()


def write_chain(steps: Iterable[Sequence[str]], *, algorithm: DigestAlgorithm) -> bytes:
    """Write a HashChain from steps, each a sequence of written children, first step first."""
    body = "".join(
        f'{_PAD}<HashStep id="STEP{number}">\n{"".join(children)}{_PAD}</HashStep>\n'
        for number, children in enumerate(steps)
    )
    return (
        f"{_DECLARATION}<HashChain {_NAMESPACES}>\n"
        f'{_PAD}<DefaultDigestMethod Algorithm="{algorithm.uri}"/>\n{body}</HashChain>\n'
    ).encode()


def data_ref(name: str, digest: Digest) -> str:
    """Write a child that is one data object."""
    return f"{_data_ref_start(name)}{_b64(digest)}</ns2:DigestValue>\n{_PAD * 2}</DataRef>\n"


@lru_cache(maxsize=64)
def _data_ref_start(name: str) -> str:
    return f"{_PAD * 2}<DataRef URI={quoteattr(name)}>\n{_PAD * 3}<ns2:DigestValue>"


def hash_value(digest: Digest) -> str:
    """Write a child that belongs to somebody else: only its digest is shown."""
    return (
        f"{_PAD * 2}<HashValue>\n{_PAD * 3}<ns2:DigestValue>{_b64(digest)}</ns2:DigestValue>\n{_PAD * 2}</HashValue>\n"
    )


def step_ref(number: int) -> str:
    """Write a child that is another step of the same chain."""
    return f'{_PAD * 2}<StepRef URI="#STEP{number}"/>\n'


def _b64(digest: Digest) -> str:
    return b64encode(digest.value).decode()
