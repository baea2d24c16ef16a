"""Hash chains: results and chains read, and walked over whatever they claim."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.hash_chain import read_chain, read_result, verify_chain
from lienthong.trust.errors import MalformedEvidenceError, UnsupportedAlgorithmError

REFUSES = (Fault, MalformedEvidenceError, UnsupportedAlgorithmError)
_RESULT = (
    b'<HashChainResult xmlns="http://cyber.ee/hashchain" xmlns:d="http://www.w3.org/2000/09/xmldsig#" '
    b'URI="/sig-hashchain.xml#STEP0"><d:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/>'
    b"<d:DigestValue>AAAA</d:DigestValue></HashChainResult>"
)


def read(data: bytes) -> None:
    with contextlib.suppress(MalformedEvidenceError, UnsupportedAlgorithmError):
        read_result(data)
    with contextlib.suppress(Fault):
        verify_chain(_RESULT, data, {}, lambda name: data, accept_absent=True)
    read_chain(data)
