"""A signature's costly half is paid once; what time does to it is asked every time."""

from __future__ import annotations

from dataclasses import replace
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
from lienthong.trust.certificates import Certificate

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


def test_what_a_signer_brings_along_is_judged_once_until_it_may_have_changed() -> None:
    """Two documents by one signer share its check; another configuration asks again."""
    snapshot, judge = snapshot_of(), SignatureJudge()
    asked: list[str] = []

    class Watched(type(snapshot.globalconf)):  # type: ignore[misc]
        def ca_certificates(self, instance: str | None = None) -> tuple[Certificate, ...]:
            asked.append(instance or "")
            return super().ca_certificates(instance)

    def watching() -> Snapshot:
        conf = snapshot.globalconf
        known = {name: getattr(conf, name) for name in ("local_instance", "instances", "indexes")}
        return replace(snapshot, globalconf=Watched(**known))

    first = watching()
    for message in [*received(snapshot), *received(snapshot)]:
        assert judged(judge, first, message, late=timedelta(0)) == "good"
    once = len(asked)
    assert once
    assert judged(judge, first, received(snapshot)[0], late=timedelta(seconds=1)) == "good"
    assert len(asked) == once
    assert judged(judge, watching(), received(snapshot)[0], late=timedelta(0)) == "good"
    assert len(asked) == 2 * once


@pytest.mark.parametrize("signature", [b"<a/>", b"no XML"])
def test_what_cannot_be_read_is_refused_each_time(signature: bytes) -> None:
    snapshot, judge = snapshot_of(), SignatureJudge()
    message = ReceivedMessage(message=MESSAGES[0], signature=signature)
    codes = {judged(judge, snapshot, message, late=timedelta(0)) for _ in range(2)}
    assert codes <= {"malformed_signature", "invalid_xml"}
    assert len(codes) == 1
