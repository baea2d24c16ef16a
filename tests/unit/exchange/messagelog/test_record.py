"""What the log keeps survives its encoding; damaged bytes are refused, never misread."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.log_records import CONSUMER, PROVIDER, log_record

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.messagelog.record import (
    BodyState,
    LogRecord,
    RecordError,
    Side,
    decode_outline,
    decode_record,
    encode_evidence,
    encode_fields,
)
from lienthong.trust.algorithms import Digest, DigestAlgorithm

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
_CLIENTS = st.builds(ClientId, _TEXT, _TEXT, _TEXT, st.none() | _TEXT)
_CHAINS = st.none() | st.tuples(st.binary(max_size=9), st.binary(max_size=9))


@st.composite
def _records(draw: st.DrawFn) -> LogRecord:
    chains = draw(_CHAINS)
    return LogRecord(
        message_id=draw(_TEXT),
        x_request_id=draw(st.none() | _TEXT),
        time_ms=draw(st.integers(0, 2**50)),
        side=draw(st.sampled_from(Side)),
        is_response=draw(st.booleans()),
        is_rest=draw(st.booleans()),
        client=draw(_CLIENTS),
        service=draw(st.builds(ServiceId, _CLIENTS, _TEXT, st.none() | _TEXT)),
        user_id=draw(st.none() | _TEXT),
        issue=draw(st.none() | _TEXT),
        message=draw(st.binary(max_size=50)),
        signature=draw(st.binary(max_size=50)),
        hash_chain_result=None if chains is None else chains[0],
        hash_chain=None if chains is None else chains[1],
        body_size=draw(st.integers(0, 2**40)),
        body_digest=draw(st.none() | st.builds(Digest, st.sampled_from(DigestAlgorithm), st.binary(max_size=64))),
        body_state=draw(st.sampled_from(BodyState)),
    )


@given(_records())
def test_fields_survive(record: LogRecord) -> None:
    assert decode_record(encode_fields(record), encode_evidence(record)) == record
    assert decode_outline(encode_fields(record)).signature_hash == record.signature_hash


@given(_records(), st.data())
def test_changed_bytes_are_read_or_refused_but_raise_nothing_else(record: LogRecord, data: st.DataObject) -> None:
    encoded = bytearray(encode_fields(record))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(RecordError):
        decode_record(bytes(encoded[: data.draw(st.integers(0, len(encoded)))]), encode_evidence(record))


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_arbitrary_bytes_raise_only_record_errors(fields: bytes, evidence: bytes) -> None:
    with contextlib.suppress(RecordError):
        decode_record(fields, evidence)
    with contextlib.suppress(RecordError):
        decode_record(encode_fields(log_record()), evidence)


def test_a_record_is_not_read_with_the_evidence_of_another() -> None:
    with pytest.raises(RecordError):
        decode_record(encode_fields(log_record("a")), encode_evidence(log_record("b")))


def test_the_messages_of_a_batch_share_one_encoding_of_their_evidence() -> None:
    one, other = (log_record(name, signature=b"<batch/>") for name in "ab")
    assert encode_evidence(one) is encode_evidence(other)


def test_the_error_quotes_nothing_of_the_record() -> None:
    encoded = encode_fields(log_record(user_id="secret-officer")).replace(b"secret-officer", b"secret-office\xff")
    with pytest.raises(RecordError) as caught:
        decode_record(encoded, encode_evidence(log_record()))
    assert "secret" not in str(caught.value)


def test_owner_is_the_consumer_on_its_side_and_the_provider_on_the_other() -> None:
    assert log_record().owner == CONSUMER
    assert log_record(side=Side.SERVER).owner == PROVIDER


def test_a_withheld_body_cannot_be_given() -> None:
    with pytest.raises(ValueError, match="withheld"):
        log_record(body=b"x", body_state=BodyState.WITHHELD)


def test_chain_and_result_come_together() -> None:
    with pytest.raises(ValueError, match="together"):
        log_record(hash_chain=b"x")


def test_negative_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        log_record(body_size=-1)


def test_signature_hash_is_sha512_of_the_xml() -> None:
    record = log_record(signature=b"<a/>")
    assert record.signature_hash == DigestAlgorithm.SHA512.digest(b"<a/>")
    assert record.with_body(None) == record


@given(_records())
def test_an_outline_says_what_the_record_says(record: LogRecord) -> None:
    outline = decode_outline(encode_fields(record))
    for name in ("time_ms", "message_id", "x_request_id", "side", "is_response", "client", "user_id", "issue"):
        assert getattr(outline, name) == getattr(record, name)
    assert ServiceId(outline.service_client, outline.service_code, outline.service_version) == record.service
    assert outline.signature_hash == record.signature_hash
