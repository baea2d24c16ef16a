"""Everything the two proxies share, handed to them once by compose.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.message.faults import told
from lienthong.exchange.security.bodies import OUR_HASH
from lienthong.exchange.security.observing import Observer
from lienthong.exchange.security.peer_ocsp import PeerOcsp
from lienthong.exchange.security.peers import PeerEvidence, PeerJudge
from lienthong.exchange.security.ports import (
    Clock,
    MessageLog,
    PeerTransport,
    RandomBytes,
    ServiceTransport,
    Spool,
    Uuids,
)
from lienthong.exchange.security.signatures import SignatureJudge
from lienthong.exchange.security.signer import BatchSigner
from lienthong.exchange.security.snapshot import CurrentSnapshot, Snapshot
from lienthong.exchange.serverconf.settings import FaultSpelling
from lienthong.exchange.transport.content import boundary_from
from lienthong.exchange.transport.http import Peer

PROXY_VERSION = b"7.8.1"
"""Sent as ``x-proxy-version``: peers may demand a semantic version. Source: message-path s.3.4."""
OUR_HASH_LABEL = OUR_HASH.label.encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facilities:
    """The means of one worker process."""

    snapshot: CurrentSnapshot
    """What is known now."""
    spool: Spool
    """Where bodies wait."""
    log: MessageLog
    """Where evidence is kept."""
    log_gate: Callable[[], Fault | None]
    """The fault that every message meets while nothing can be timestamped; None while messages may pass."""
    signer: BatchSigner
    """Signs."""
    signatures: SignatureJudge
    """Judges signatures."""
    peers: PeerJudge
    """Judges other security servers."""
    peer_ocsp: PeerOcsp
    """Gathers OCSP answers about other security servers."""
    transport: PeerTransport
    """Reaches other security servers."""
    services: ServiceTransport
    """Reaches our services."""
    clock: Clock
    """Aware UTC now."""
    uuids: Uuids
    """Fresh random ids."""
    random_bytes: RandomBytes
    """For boundaries."""
    observer: Observer
    """Is told what happened."""

    def boundary(self) -> str:
        """A fresh multipart boundary."""
        return boundary_from(self.random_bytes(30))

    def identified(self, fault: Fault) -> Fault:
        """The fault as it is told: with a random id by which the log knows it, spelt as the settings ask."""
        is_old = self.snapshot().settings.fault_spelling is FaultSpelling.CAMEL
        return told(fault, detail=self.uuids(), in_old_spelling=is_old)

    def require_log(self) -> None:
        """Raise the fault of the log's gate, if it is shut. Source: message-path s.5.3."""
        fault = self.log_gate()
        if fault is not None:
            raise fault

    async def provider_check(self, snapshot: Snapshot, provider: ClientId, peer: Peer) -> None:
        """Refuse a peer that may not answer for *provider*; asks it for OCSP answers that are not at hand."""
        now = self.clock()
        for is_last_try in (False, True):
            responses = await self.peer_ocsp.gather(snapshot, peer, now=now, afresh=is_last_try)
            try:
                self.peers.judge_provider(snapshot, provider, PeerEvidence(peer.chain_der, responses), at=now)
            except Fault:
                if is_last_try or not self.peer_ocsp.forget(peer):
                    raise
            else:
                return
