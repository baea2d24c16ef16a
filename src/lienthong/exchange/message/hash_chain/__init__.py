"""Hash chains: how one signature, or one timestamp, proves many messages without showing one to another.

Source: message-path dossier s.4.4; PR-MESSTRANSP annex A (batch signatures).
"""

from lienthong.exchange.message.hash_chain.documents import (
    SIGNATURE_CHAIN,
    SIGNATURE_RESULT,
    TIMESTAMP_CHAIN,
    TIMESTAMP_RESULT,
)
from lienthong.exchange.message.hash_chain.reading import HashChain, HashChainResult, read_chain, read_result
from lienthong.exchange.message.hash_chain.steps import step_digest
from lienthong.exchange.message.hash_chain.tree import ChainInput, HashChains, build_chains
from lienthong.exchange.message.hash_chain.verification import verify_chain

__all__ = [
    "SIGNATURE_CHAIN",
    "SIGNATURE_RESULT",
    "TIMESTAMP_CHAIN",
    "TIMESTAMP_RESULT",
    "ChainInput",
    "HashChain",
    "HashChainResult",
    "HashChains",
    "build_chains",
    "read_chain",
    "read_result",
    "step_digest",
    "verify_chain",
]
