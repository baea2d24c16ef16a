"""A logged message and its timestamp as a file that anyone can verify. Source: message-path s.5.4, s.5.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.exchange.message.evidence import EvidenceContainer, container_name, write_evidence
from lienthong.exchange.messagelog.entries import RecordTimestamp
from lienthong.exchange.messagelog.record import LogRecord
from lienthong.trust.xades import add_timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedContainer:
    """A container file."""

    name: str
    """``<query id>-request|response-<record number in radix 32>.asice``."""
    data: bytes
    """ASiC-E."""


def export_container(record: LogRecord, *, number: int, timestamp: RecordTimestamp | None) -> ExportedContainer:
    """Pack a record; the same record and timestamp always give the same bytes.

    A timestamp of this signature alone goes into the signature, one of a batch lies beside it. A withheld body is
    absent; its digest stands in the hash chain, so that a body shown later can be judged.

    Raises:
        TrustError: the stored signature has no place for its timestamp.
    """
    evidence = build_evidence(record, timestamp)
    at = datetime.fromtimestamp(record.time_ms // 1000, tz=UTC)
    name = container_name(message_id=record.message_id, is_response=record.is_response, record_id=number)
    return ExportedContainer(name=name, data=write_evidence(evidence, at=at))


def build_evidence(record: LogRecord, timestamp: RecordTimestamp | None) -> EvidenceContainer:
    """What is kept of a message, ready to be judged or packed."""
    is_batch = timestamp is not None and timestamp.hash_chain is not None
    signature = record.signature
    if timestamp is not None and not is_batch:
        signature = add_timestamp(signature, timestamp.token)
    return EvidenceContainer(
        message=record.message,
        signature_xml=signature,
        hash_chain_result=record.hash_chain_result,
        hash_chain=record.hash_chain,
        timestamp_result=timestamp.hash_chain_result if timestamp and is_batch else None,
        timestamp_chain=timestamp.hash_chain if timestamp and is_batch else None,
        timestamp_token=timestamp.token if timestamp and is_batch else None,
        attachments={1: record.body} if record.body else {},
    )
