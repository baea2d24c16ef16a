"""What any log promises, whatever it is kept in: search, pages, timestamps."""

from collections.abc import Callable

import pytest
from tests.fakes.log_records import CONSUMER, PROVIDER, SERVICE, log_record

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.messagelog.entries import LogQuery, MessageIndex, StoredTimestamp
from lienthong.exchange.messagelog.record import LogRecord, Side

OpenIndex = Callable[[], LogIndex]
"""Opens the index of a test's journals, as another process would."""
OTHER = ClientId("VN", "COM", "0100")
RECORDS = [
    log_record("a", time_ms=1000, user_id="u1", issue="H1", x_request_id="x1", body=b"hello"),
    log_record("a", time_ms=1001, is_response=True),
    log_record("b", time_ms=1002, client=OTHER, user_id="u1"),
    log_record("c", time_ms=1003, service=ServiceId(PROVIDER, "other"), side=Side.SERVER),
    log_record("d", time_ms=1003, service=ServiceId(OTHER, "person", "v1")),
]
QUERIES = [
    (LogQuery(), "dcbaa"),
    (LogQuery(message_id="a"), "aa"),
    (LogQuery(message_id="a", is_response=True), "a"),
    (LogQuery(client=OTHER), "b"),
    (LogQuery(client=CONSUMER, is_response=False), "dca"),
    (LogQuery(service=SERVICE), "baa"),
    (LogQuery(service=ServiceId(PROVIDER, "other")), "c"),
    (LogQuery(from_ms=1001, until_ms=1003), "ba"),
    (LogQuery(user_id="u1"), "ba"),
    (LogQuery(issue="H1"), "a"),
    (LogQuery(issue="H1", user_id="u2"), ""),
]
TOKEN = StoredTimestamp(token=b"token", hash_chain_result=b"<r/>", gen_time_ms=2000)


def check_contract(index: MessageIndex) -> None:
    """Hold *index*, filled with RECORDS in order, to its promises."""
    for query, expected in QUERIES:
        assert "".join(entry.message_id for entry in index.search(query)) == expected, query
    check_pages(index)
    check_records(index)
    check_timestamps(index)


def check_pages(index: MessageIndex) -> None:
    seen, after = [], None
    while page := index.search(LogQuery(), after=after, limit=2):
        assert len(page) <= 2
        seen += [entry.number for entry in page]
        after = (page[-1].time_ms, page[-1].number)
    assert len(seen) == len(set(seen)) == len(RECORDS)


def check_records(index: MessageIndex) -> None:
    entries = sorted(index.search(LogQuery()), key=lambda entry: entry.number)
    found: list[LogRecord] = [index.read(entry) for entry in entries]
    assert found == RECORDS
    for entry, record in zip(entries, RECORDS, strict=True):
        assert (entry.client, entry.service, entry.side) == (record.client, record.service, record.side)
        assert (entry.user_id, entry.issue, entry.x_request_id) == (record.user_id, record.issue, record.x_request_id)


def check_timestamps(index: MessageIndex) -> None:
    pending = index.pending(limit=2)
    assert [item.signature_hash for item in pending] == [record.signature_hash for record in RECORDS[:2]]
    first, second = (item.number for item in pending)
    assert index.timestamp_of(first) is None
    index.store_timestamp(TOKEN, {first: b"<c1/>", second: b"<c2/>"})
    stamp = index.timestamp_of(second)
    assert stamp is not None
    assert (stamp.token, stamp.hash_chain_result, stamp.hash_chain) == (b"token", b"<r/>", b"<c2/>")
    rest = [item.number for item in index.pending(limit=100)]
    assert len(rest) == 3
    with pytest.raises(JournalError, match="already"):
        index.store_timestamp(TOKEN, {rest[0]: b"<c/>", first: b"<c/>"})
    assert [item.number for item in index.pending(limit=100)] == rest, "all or nothing"
    single = StoredTimestamp(token=b"one", hash_chain_result=None, gen_time_ms=1)
    index.store_timestamp(single, {rest[0]: None})
    stamp = index.timestamp_of(rest[0])
    assert stamp is not None
    assert (stamp.token, stamp.hash_chain) == (b"one", None)
    assert [entry.timestamp is None for entry in index.search(LogQuery(client=OTHER))] == [False]
