"""A logged message leaves the log as a container that others read."""

import pytest
from tests.fakes.log_records import log_record
from tests.shared import shared

from lienthong.exchange.message.evidence import read_evidence
from lienthong.exchange.messagelog.container import export_container
from lienthong.exchange.messagelog.entries import RecordTimestamp
from lienthong.exchange.messagelog.record import LogRecord
from lienthong.trust.errors import TrustError

SINGLE = RecordTimestamp(token=b"T", hash_chain_result=None, hash_chain=None)
BATCH = RecordTimestamp(token=b"B", hash_chain_result=b"<r/>", hash_chain=b"<c/>")
OPEN = b"<s><x:UnsignedSignatureProperties></x:UnsignedSignatureProperties></s>"


def test_name_and_bytes_follow_from_the_record() -> None:
    record = log_record("VN/GOV a", is_response=True)
    exported = export_container(record, number=33, timestamp=None)
    assert exported.name == "VN%2FGOV+a-response-11.asice"
    assert exported == export_container(record, number=33, timestamp=None)


def test_chains_body_and_batch_timestamp_come_along() -> None:
    record = log_record(hash_chain=b"<h/>", hash_chain_result=b"<hr/>", body=b"body")
    evidence = read_evidence(export_container(record, number=1, timestamp=BATCH).data)
    assert (evidence.message, evidence.signature_xml) == (record.message, record.signature)
    assert (evidence.hash_chain, evidence.hash_chain_result) == (b"<h/>", b"<hr/>")
    assert (evidence.timestamp_token, evidence.timestamp_result, evidence.timestamp_chain) == (b"B", b"<r/>", b"<c/>")
    assert evidence.attachments == {1: b"body"}


def test_a_single_timestamp_goes_into_the_signature() -> None:
    evidence = read_evidence(export_container(log_record(signature=OPEN), number=1, timestamp=SINGLE).data)
    assert b"<x:EncapsulatedTimeStamp>VA==</x:EncapsulatedTimeStamp>" in evidence.signature_xml
    assert evidence.timestamp_token is None
    with pytest.raises(TrustError):
        export_container(log_record(signature=b"<s/>"), number=1, timestamp=SINGLE)


@pytest.mark.parametrize("name", ["valid-signed-message", "valid-signed-hashchain", "valid-non-batch-rest"])
def test_recorded_containers_come_back_with_the_same_content(name: str) -> None:
    original = read_evidence(shared(f"fixtures/xroad/asic/{name}.asice").read_bytes())
    record: LogRecord = log_record(
        message=original.message,
        signature=original.signature_xml,
        hash_chain=original.hash_chain,
        hash_chain_result=original.hash_chain_result,
        body=original.attachments.get(1),
    )
    stamp = None
    if original.timestamp_token is not None:
        stamp = RecordTimestamp(
            token=original.timestamp_token,
            hash_chain_result=original.timestamp_result,
            hash_chain=original.timestamp_chain,
        )
    assert read_evidence(export_container(record, number=1, timestamp=stamp).data) == original
