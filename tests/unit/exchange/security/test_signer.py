"""Whatever waits for one certificate at one moment shares one signature."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tests.fakes import pki
from tests.fakes.signing import Signer

from lienthong.exchange.message.signing import MessageParts, SignedMessage
from lienthong.exchange.security.signer import FULL_BATCH, BatchSigner, SigningIdentity
from lienthong.trust.algorithms import DigestAlgorithm, KeyType


def _parts(number: int) -> MessageParts:
    return MessageParts(DigestAlgorithm.SHA512.digest(b"message %d" % number))


def _identity(key_type: KeyType = KeyType.EC) -> SigningIdentity:
    signer = Signer(name=f"Batch {key_type.value}", key_type=key_type)
    return SigningIdentity(key=signer.key, certificate=signer.certificate, ocsp_responses=signer.ocsp_values)


def _signed_in_waves(waves: Sequence[int], identity: SigningIdentity) -> list[SignedMessage]:
    """Messages that come *waves[n]* at a time, one turn of the event loop after another."""

    async def go() -> list[SignedMessage]:
        signer = BatchSigner(clock=lambda: pki.NOW, run_in_thread=_in_thread)
        async with asyncio.TaskGroup() as group:
            tasks = []
            for wave in waves:
                tasks += [group.create_task(signer.sign(_parts(len(tasks) + n), identity)) for n in range(wave)]
                await asyncio.sleep(0)
        return [task.result() for task in tasks]

    return asyncio.run(go())


def _in_thread(work: Callable[[], list[SignedMessage]]) -> asyncio.Future[list[SignedMessage]]:
    return asyncio.get_running_loop().run_in_executor(None, work)


def _signatures(messages: Sequence[SignedMessage]) -> int:
    return len({message.signature_xml for message in messages})


def test_a_message_alone_is_signed_plainly() -> None:
    (alone,) = _signed_in_waves([1], _identity())
    assert alone.hash_chain is None


def test_what_comes_turn_after_turn_shares_a_signature() -> None:
    assert _signatures(_signed_in_waves([3, 2, 1], _identity())) == 1


def test_the_queue_does_not_wait_for_ever() -> None:
    assert _signatures(_signed_in_waves([1] * 12, _identity())) > 1


def test_a_full_batch_waits_for_nobody() -> None:
    assert _signatures(_signed_in_waves([FULL_BATCH, 1, 1], _identity())) == 2


def test_a_slow_key_signs_in_its_thread_while_the_next_batch_fills() -> None:
    messages = _signed_in_waves([2, 0, 0, 0, 0, 2, 2], _identity(KeyType.RSA))
    assert all(message.hash_chain is not None for message in messages)
    assert _signatures(messages) == 2
