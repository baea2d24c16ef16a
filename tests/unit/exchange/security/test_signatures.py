"""A signature's costly half is paid once; what time does to it is asked every time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes.exchange_pair import snapshot_of

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.signing import MessageParts, sign_batch
from lienthong.exchange.security.receiving import ReceivedMessage
from lienthong.exchange.security.signatures import SignatureJudge
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.trust.algorithms import DigestAlgorithm

SHA512 = DigestAlgorithm.SHA512
MESSAGES = (b"GET\r\n/r1/first", b"GET\r\n/r1/second")


def received(snapshot: Snapshot) -> list[ReceivedMessage]:
    identity = snapshot.require_signer(seen.ONESTOP, seen.NOW)
    signed = sign_batch(
        [MessageParts(SHA512.digest(message)) for message in MESSAGES],
        key=identity.key,
        certificate=identity.certificate,
        signing_time=seen.NOW,
        ocsp_responses=identity.ocsp_responses,
    )
    return [
        ReceivedMessage(
            message=message,
            signature=each.signature_xml,
            hash_chain=each.hash_chain,
            hash_chain_result=each.hash_chain_result,
        )
        for message, each in zip(MESSAGES, signed, strict=True)
    ]


def judged(judge: SignatureJudge, snapshot: Snapshot, message: ReceivedMessage, *, late: timedelta) -> str:
    try:
        judge.judge(snapshot, seen.ONESTOP, message, SHA512, at=seen.NOW + late)
    except Fault as fault:
        return fault.code
    return "good"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1)])
def test_both_messages_of_a_batch_hold(late: timedelta) -> None:
    snapshot, judge = snapshot_of(), SignatureJudge()
    assert [judged(judge, snapshot, message, late=late) for message in received(snapshot)] == ["good", "good"]


def test_a_known_signature_goes_stale_with_its_ocsp_answer() -> None:
    snapshot, judge = snapshot_of(), SignatureJudge()
    first, second = received(snapshot)
    assert judged(judge, snapshot, first, late=timedelta(0)) == "good"
    assert judged(judge, snapshot, second, late=timedelta(days=1)) == "invalid_cert_path.incorrect_validation_info"
    assert judged(judge, snapshot, second, late=timedelta(0)) == "good"


def test_a_known_signature_signs_for_nobody_else() -> None:
    snapshot, judge = snapshot_of(), SignatureJudge()
    first, second = received(snapshot)
    assert judged(judge, snapshot, first, late=timedelta(0)) == "good"
    second.message = b"GET\r\n/r1/other"
    assert judged(judge, snapshot, second, late=timedelta(0)) == "malformed_signature.invalid_hash_chain"
