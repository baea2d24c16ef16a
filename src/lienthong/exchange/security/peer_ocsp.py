"""OCSP answers about the servers we dial: those at hand, else asked of the server itself on its OCSP port.

Source: message-path dossier s.3.3 step 2, s.3.10.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.transport.http import Peer

KEPT = timedelta(minutes=5)
"""Answers are asked for again after this, long before they are too old to count."""
MAX_KEPT = 4096

FetchFromPeer = Callable[[str, tuple[bytes, ...]], Awaitable[tuple[bytes, ...]]]
"""Ask a server (address) for the OCSP answers about these certificates (DER); raises Fault."""


@dataclass(frozen=True, slots=True)
class _Kept:
    responses: tuple[bytes, ...]
    asked_at: datetime


class PeerOcsp:
    """Gathers the answers about a peer's chain and keeps them for a while."""

    def __init__(self, fetch: FetchFromPeer) -> None:
        self._fetch = fetch
        self._kept: dict[tuple[bytes, ...], _Kept] = {}

    async def gather(self, snapshot: Snapshot, peer: Peer, *, now: datetime, afresh: bool = False) -> tuple[bytes, ...]:
        """One answer (DER) for each certificate the peer showed, in its order.

        Raises:
            Fault: they are not at hand and the peer does not give them.
        """
        chain = peer.chain_der
        kept = self._kept.get(chain)
        if kept is not None and not afresh and now - kept.asked_at < KEPT:
            return kept.responses
        responses = None if afresh else _at_hand(snapshot, chain)
        if responses is None:
            responses = await self._fetch(peer.address, chain)
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        self._kept[chain] = _Kept(responses, now)
        return responses

    def forget(self, peer: Peer) -> bool:
        """Drop what is kept about a peer; whether there was anything, and it may be stale."""
        return self._kept.pop(peer.chain_der, None) is not None


def _at_hand(snapshot: Snapshot, chain: tuple[bytes, ...]) -> tuple[bytes, ...] | None:
    hashes = [hashlib.sha1(der, usedforsecurity=False).digest() for der in chain]
    if not hashes or any(value not in snapshot.ocsp_responses for value in hashes):
        return None
    return tuple(snapshot.ocsp_responses[value] for value in hashes)
