"""The index sees each durable record once, finds it along an index, and opens at once however large it is."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from tests.fakes.log_records import log_record
from tests.unit.exchange.adapters.log_contract import QUERIES, RECORDS, OpenIndex, check_contract

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import DamageKind
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder, worker_numbers
from lienthong.exchange.adapters.log_index_query import search_sql
from lienthong.exchange.messagelog.entries import LogQuery
from lienthong.exchange.messagelog.record import LogRecord

SETTINGS = JournalSettings(sizes=SegmentSizes(first=16 * 1024, largest=16 * 1024))
_GENERATE = """
INSERT INTO log_record (time_ms, message_id, side, is_response, client, service_client, service_code, user_id, issue,
    worker, segment, position, length, signature_hash)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT i, 'm' || i, 'client', 0, 'VN/GOV/H' || (i % 63), 'VN/GOV/G01/population', 'person', 'u' || (i % 999), 'd' || i,
    0, 1, i, 100, zeroblob(64) FROM n
"""


def write(folder: Path, worker: int, *records: LogRecord) -> None:
    async def run() -> None:
        async with Journal(worker_folder(folder, worker), worker=worker, settings=SETTINGS) as journal:
            for record in records:
                await journal.append(record)

    asyncio.run(run())


def test_the_contract_of_a_log(tmp_path: Path, open_index: OpenIndex) -> None:
    write(tmp_path / "journal", 0, *RECORDS)
    with open_index() as index:
        assert index.update().added == len(RECORDS)
        check_contract(index)
        assert index.entry(10**9) is None


def test_every_journal_is_followed_exactly_once(tmp_path: Path, open_index: OpenIndex) -> None:
    with open_index() as index:
        assert index.update().added == 0, "no journal yet"
        for turn in range(6):
            write(tmp_path / "journal", turn % 2, *(log_record(f"{turn}-{n}", body=bytes(500)) for n in range(40)))
            with open_index() as second:
                assert second.update().added + index.update().added == 40
        assert index.update().added == 0
        found = [entry.message_id for entry in index.search(LogQuery(), limit=1000)]
        assert len(found) == len(set(found)) == 240
    assert worker_numbers(tmp_path / "journal") == [0, 1]


def test_a_pass_that_dies_is_done_again_whole(tmp_path: Path) -> None:
    write(tmp_path / "journal", 0, *RECORDS)
    index = LogIndex(SqliteDatabase(tmp_path / "index.sqlite"), tmp_path / "journal")
    trigger = sqlite3.connect(tmp_path / "index.sqlite")
    trigger.execute(
        "CREATE TRIGGER fail BEFORE INSERT ON log_record WHEN NEW.message_id = 'c' BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    trigger.commit()
    with pytest.raises(JournalError, match="IntegrityError"):
        index.update()
    assert index.search(LogQuery()) == []
    trigger.execute("DROP TRIGGER fail")
    trigger.commit()
    trigger.close()
    assert index.update().added == len(RECORDS)
    index.close()


def test_damage_is_reported_and_passed_by(tmp_path: Path, open_index: OpenIndex) -> None:
    write(tmp_path / "journal", 0, *RECORDS)
    path = worker_folder(tmp_path / "journal", 0) / "000000000001.segment"
    data = bytearray(path.read_bytes())
    data[4096 + 70] ^= 1
    path.write_bytes(data)
    with open_index() as index:
        run = index.update()
        assert (run.added, [(worker, stretch.kind) for worker, stretch in run.damage]) == (
            len(RECORDS) - 1,
            [(0, DamageKind.CORRUPT)],
        )
        assert index.update().damage == ()


def test_searches_run_along_an_index(tmp_path: Path) -> None:
    LogIndex(SqliteDatabase(tmp_path / "index.sqlite"), tmp_path).close()
    with sqlite3.connect(tmp_path / "index.sqlite") as connection:
        for query, _ in QUERIES:
            statement, parameters = search_sql(query, (5, 5), 10)
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))
            assert "USING INDEX" in plan, query
            assert "SCAN log_record" not in plan, query
    connection.close()


@pytest.mark.slow
def test_a_million_records_open_at_once(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    with sqlite3.connect(path) as connection:  # generated without indexes, which open then adds only once
        LogIndex(SqliteDatabase(path), tmp_path).close()
        connection.execute("PRAGMA synchronous = OFF")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute(_GENERATE, [1_000_000])
        for _, statement in indexes:
            connection.execute(statement)
    connection.close()
    started = time.perf_counter()
    with LogIndex(SqliteDatabase(path), tmp_path) as index:
        assert index.update().added == 0
        assert len(index.search(LogQuery(user_id="u7"), limit=10)) == 10
        assert index.search(LogQuery(issue="d77"))[0].message_id == "m77"
        assert len(index.pending(limit=10_000)) == 10_000
    assert time.perf_counter() - started < 0.5


def test_a_file_that_is_no_database_is_a_journal_error(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(JournalError, match="cannot be opened"):
        LogIndex(SqliteDatabase(tmp_path / "index.sqlite"), tmp_path)
