"""An index in PostgreSQL outlives the server's absence, is made again from the journals, and belongs to one server."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tests.fakes.log_records import log_record
from tests.fakes.postgres import postgres_server
from tests.unit.exchange.adapters.log_contract import QUERIES, RECORDS, check_contract

from lienthong.exchange.adapters.journal import Journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_database_postgres import PostgresDatabase
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder
from lienthong.exchange.adapters.log_index_choice import INDEX_TABLES
from lienthong.exchange.adapters.log_index_query import search_sql
from lienthong.exchange.adapters.log_postgres import PostgresLog
from lienthong.exchange.messagelog.entries import LogQuery
from lienthong.exchange.messagelog.record import LogRecord

pytestmark = pytest.mark.system


def write(journals: Path, *records: LogRecord, worker: int = 0) -> None:
    async def run() -> None:
        async with Journal(worker_folder(journals, worker), worker=worker) as journal:
            await asyncio.gather(*(journal.append(record) for record in records))

    asyncio.run(run())


def index_of(journals: Path, conninfo: str, *, owner: str = "VN/GOV/G01/ss1") -> LogIndex:
    return LogIndex(PostgresDatabase(conninfo, tables=INDEX_TABLES, owner=owner), journals)


def found(index: LogIndex) -> list[str]:
    return [entry.message_id for entry in index.search(LogQuery(), limit=10_000)]


def operate(conninfo: str, statement: str) -> None:
    """Somebody else's statement, on a connection of its own."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(statement.encode())


def recreate_database(database: str) -> None:
    server = database.replace("dbname=log", "dbname=postgres")
    operate(server, "DROP DATABASE log WITH (FORCE)")
    operate(server, "CREATE DATABASE log")


def drop_tables(database: str) -> None:
    operate(database, "DROP SCHEMA journal_index CASCADE")


@pytest.mark.parametrize("lose", [recreate_database, drop_tables])
def test_a_lost_index_is_made_again_from_the_journals(
    tmp_path: Path, database: str, lose: Callable[[str], None]
) -> None:
    write(tmp_path, *RECORDS)
    with index_of(tmp_path, database) as index:
        assert index.update().added == len(RECORDS)
        lose(database)
        with pytest.raises(JournalError, match="cannot be"):
            index.update()
        assert index.update().added == len(RECORDS)
        check_contract(index)


def test_what_was_logged_while_the_database_was_away_is_indexed_after(tmp_path: Path) -> None:
    with postgres_server() as postgres, index_of(tmp_path, postgres.conninfo) as index:
        write(tmp_path, log_record("before"))
        assert index.update().added == 1
        postgres.kill()
        write(tmp_path, log_record("meanwhile"))
        for _ in range(2):
            with pytest.raises(JournalError, match="PostgreSQL"):
                index.update()
        write(tmp_path, log_record("later"))
        postgres.start()
        assert index.update().added == 2
        assert sorted(found(index)) == ["before", "later", "meanwhile"]


def test_a_pass_that_dies_is_done_again_whole(tmp_path: Path, database: str) -> None:
    write(tmp_path, *RECORDS)
    with index_of(tmp_path, database) as index:
        assert found(index) == []
        operate(database, "ALTER TABLE journal_index.log_record ADD CONSTRAINT fail CHECK (message_id <> 'c')")
        with pytest.raises(JournalError, match="CheckViolation"):
            index.update()
        assert found(index) == []
        operate(database, "ALTER TABLE journal_index.log_record DROP CONSTRAINT fail")
        assert index.update().added == len(RECORDS)


def test_processes_that_index_at_once_add_each_record_once(tmp_path: Path, database: str) -> None:
    for worker in range(2):
        write(tmp_path, *(log_record(f"{worker}-{n}") for n in range(300)), worker=worker)

    def run(_: int) -> int:
        with index_of(tmp_path, database) as index:
            return index.update().added

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 600
    with index_of(tmp_path, database) as index:
        assert len(set(found(index))) == len(found(index)) == 600


def test_a_field_that_postgres_cannot_keep_holds_up_nothing(tmp_path: Path, database: str) -> None:
    write(tmp_path, log_record("a"), log_record("b", issue="H\0 100%?"), log_record("c"))
    with index_of(tmp_path, database) as index:
        assert index.update().added == 3
        (entry,) = index.search(LogQuery(issue="H\0 100%?"))
        assert (entry.message_id, entry.issue) == ("b", "H\ufffd 100%?")
        assert index.read(entry).issue == "H\0 100%?", "the journal keeps it as it was"


def test_the_index_of_another_server_is_left_alone(tmp_path: Path, database: str) -> None:
    write(tmp_path, log_record("a"))
    with index_of(tmp_path, database) as index:
        index.update()
    with index_of(tmp_path, database, owner="VN/GOV/H10/ss2") as other:
        for _ in range(2):
            with pytest.raises(JournalError, match="that of VN/GOV/G01/ss1"):
                other.update()
    with index_of(tmp_path, database) as index:
        assert found(index) == ["a"]


def test_index_and_log_of_record_may_share_a_database(tmp_path: Path, database: str) -> None:
    async def fill() -> None:
        async with PostgresLog(database) as log:
            await log.append(log_record("in the log"))

    asyncio.run(fill())
    write(tmp_path, log_record("in a journal"))
    with index_of(tmp_path, database) as index:
        index.update()
        assert found(index) == ["in a journal"]


def test_searches_run_along_an_index(tmp_path: Path, database: str) -> None:
    with index_of(tmp_path, database) as index:
        found(index)
    with psycopg.connect(database) as connection:
        connection.execute("SET search_path TO journal_index")
        connection.execute("SET enable_seqscan = off")
        for query, _ in QUERIES:
            statement, parameters = search_sql(query, (5, 5), 10)
            explain = f"EXPLAIN {statement}".replace("?", "%s").encode()
            plan = " ".join(row[0] for row in connection.execute(explain, parameters).fetchall())
            assert "Index" in plan, query
            assert "Seq Scan on log_record" not in plan, query
