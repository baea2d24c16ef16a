"""One PostgreSQL server for all tests of this folder that need one."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.fakes.postgres import running_postgres
from tests.unit.exchange.adapters.log_contract import OpenIndex

from lienthong.exchange.adapters.log_database_postgres import PostgresDatabase
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_TABLES


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_postgres() as conninfo:
        yield conninfo


@pytest.fixture
def database(server: str) -> str:
    """An empty database."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS log WITH (FORCE)")
        connection.execute("CREATE DATABASE log")
    return server.replace("dbname=postgres", "dbname=log")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> OpenIndex:
    """Opens the index of the journals below *tmp_path*, in either database."""
    journals = tmp_path / "journal"
    if request.param == "sqlite":
        return lambda: LogIndex(SqliteDatabase(tmp_path / "index.sqlite"), journals)
    conninfo: str = request.getfixturevalue("database")
    return lambda: LogIndex(PostgresDatabase(conninfo, tables=INDEX_TABLES, owner="VN/GOV/G01/ss1"), journals)
