"""Signs messages in batches: whatever waits for one certificate at one moment shares one signature.

A request is queued; the queue is drained at the first turn of the event loop that brings nothing more, so under load
one signature serves all that is in flight and alone a message waits for one empty turn. There is no timer. While a slow
key (RSA, a hardware token) signs in its thread, the next batch fills. Source: message-path dossier s.4.5.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.signing import MessageParts, SignedMessage, sign_batch
from lienthong.trust.algorithms import DigestAlgorithm, KeyType
from lienthong.trust.certificates import Certificate
from lienthong.trust.errors import TrustError
from lienthong.trust.keys import SigningKey

FULL_BATCH = 64
"""More gains little: what one signature costs is shared widely enough."""
MAX_TURNS = 4
"""Bounds the wait of the first in the queue, in turns of the event loop."""
MAX_BATCH = 512
"""Bounds the work of one turn; the rest of the queue follows in the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningIdentity:
    """A member's signing key, its certificate and the evidence that goes into each signature."""

    key: SigningKey
    certificate: Certificate
    extra_certificates: tuple[Certificate, ...] = ()
    """Intermediates between the certificate and its trust anchor."""
    ocsp_responses: tuple[bytes, ...] = ()
    """DER, the signing certificate's first."""


class RunInThread(Protocol):
    """Runs a blocking function away from the event loop."""

    def __call__(self, function: Callable[[], list[SignedMessage]], /) -> asyncio.Future[list[SignedMessage]]:
        """Start *function* and give its future."""
        ...


@dataclass(slots=True)
class _Queue:
    identity: SigningIdentity
    waiting: list[tuple[MessageParts, asyncio.Future[SignedMessage]]] = field(default_factory=list)
    is_busy: bool = False


class BatchSigner:
    """One queue per signing certificate, drained whole."""

    def __init__(self, *, clock: Callable[[], datetime], run_in_thread: RunInThread) -> None:
        self._clock = clock
        self._run_in_thread = run_in_thread
        self._queues: dict[bytes, _Queue] = {}

    async def sign(self, parts: MessageParts, identity: SigningIdentity) -> SignedMessage:
        """Sign the parts of one message.

        Raises:
            Fault: ``cannot_create_signature``.
        """
        queue = self._queues.setdefault(identity.certificate.der, _Queue(identity))
        queue.identity = identity
        loop = asyncio.get_running_loop()
        done: asyncio.Future[SignedMessage] = loop.create_future()
        queue.waiting.append((parts, done))
        if not queue.is_busy:
            queue.is_busy = True
            loop.call_soon(self._gather, queue)
        return await done

    def _gather(self, queue: _Queue, seen: int = 0, turns: int = 0) -> None:
        """Drain at the first turn of the event loop that brought nothing more."""
        count = len(queue.waiting)
        if seen < count < FULL_BATCH and turns < MAX_TURNS:
            asyncio.get_running_loop().call_soon(self._gather, queue, count, turns + 1)
        else:
            self._drain(queue)

    def _drain(self, queue: _Queue) -> None:
        batch, queue.waiting = queue.waiting[:MAX_BATCH], queue.waiting[MAX_BATCH:]
        identity = queue.identity
        now = self._clock()

        def work() -> list[SignedMessage]:
            return sign_batch(
                [parts for parts, _ in batch],
                key=identity.key,
                certificate=identity.certificate,
                extra_certificates=identity.extra_certificates,
                ocsp_responses=identity.ocsp_responses,
                signing_time=now,
                digest_algorithm=DigestAlgorithm.SHA512,
            )

        if identity.key.key_type is KeyType.EC:
            self._finish(queue, batch, _outcome(work))
            return
        future = self._run_in_thread(work)
        future.add_done_callback(lambda done: self._finish(queue, batch, _outcome(done.result)))

    def _finish(
        self,
        queue: _Queue,
        batch: Sequence[tuple[MessageParts, asyncio.Future[SignedMessage]]],
        outcome: list[SignedMessage] | Fault,
    ) -> None:
        for index, (_, done) in enumerate(batch):
            if done.cancelled():
                continue
            if isinstance(outcome, Fault):
                done.set_exception(outcome)
            else:
                done.set_result(outcome[index])
        queue.is_busy = bool(queue.waiting)
        if queue.is_busy:
            asyncio.get_running_loop().call_soon(self._gather, queue)


def _outcome(work: Callable[[], list[SignedMessage]]) -> list[SignedMessage] | Fault:
    try:
        return work()
    except TrustError as exc:
        return Fault("cannot_create_signature", f"The signing key cannot be used: {exc}")
