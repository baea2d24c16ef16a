"""One setting chooses where the log is kept."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lienthong.exchange.adapters.journal import Journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, choose_log, open_index
from lienthong.exchange.adapters.log_postgres import PostgresLog
from lienthong.exchange.adapters.log_postgres_index import PostgresIndex
from lienthong.exchange.identifiers import parse_server
from lienthong.exchange.messagelog.entries import LogQuery
from lienthong.exchange.serverconf.settings import IndexEngine, LogEngine, LogSettings

SERVER = parse_server("VN/GOV/G01/ss1")


def test_journals_and_an_index_are_the_default(tmp_path: Path) -> None:
    assert isinstance(choose_log(LogSettings(), data=tmp_path, worker=2), Journal)
    with open_index(LogSettings(), data=tmp_path, server=SERVER) as index:
        assert isinstance(index, LogIndex)
    assert (tmp_path / INDEX_FILE).exists()


def test_postgres_needs_a_file_with_its_connection(tmp_path: Path) -> None:
    settings = LogSettings(engine=LogEngine.POSTGRES, dsn_file=tmp_path / "dsn")
    with pytest.raises(JournalError, match="dsn_file cannot be read"):
        choose_log(settings, data=tmp_path, worker=0)
    with pytest.raises(JournalError, match="needs dsn_file"):
        choose_log(LogSettings(engine=LogEngine.POSTGRES), data=tmp_path, worker=0)
    (tmp_path / "dsn").write_text("host=/nonexistent dbname=x\n")
    assert isinstance(choose_log(settings, data=tmp_path, worker=0), PostgresLog)


def test_a_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(JournalError, match=r"lienthong\[postgres\]"):
        open_index(LogSettings(index=IndexEngine.POSTGRES), data=tmp_path, server=SERVER)


@pytest.mark.parametrize(
    ("settings", "kind"),
    [(LogSettings(engine=LogEngine.POSTGRES), PostgresIndex), (LogSettings(index=IndexEngine.POSTGRES), LogIndex)],
)
def test_a_server_starts_while_postgres_is_away(tmp_path: Path, settings: LogSettings, kind: type) -> None:
    (tmp_path / "dsn").write_text("host=/nonexistent dbname=x\n")
    index = open_index(replace(settings, dsn_file=tmp_path / "dsn"), data=tmp_path, server=SERVER)
    assert isinstance(index, kind)
    with index, pytest.raises(JournalError, match="cannot be opened"):
        index.search(LogQuery())
    assert not (tmp_path / INDEX_FILE).exists()


def test_an_index_in_postgres_leaves_the_log_in_journals(tmp_path: Path) -> None:
    settings = LogSettings(index=IndexEngine.POSTGRES, dsn_file=tmp_path / "dsn")
    assert isinstance(choose_log(settings, data=tmp_path, worker=0), Journal)
    with pytest.raises(JournalError, match="dsn_file cannot be read"):
        open_index(settings, data=tmp_path, server=SERVER)
