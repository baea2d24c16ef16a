"""One setting chooses where the log is kept."""

from pathlib import Path

import pytest

from lienthong.exchange.adapters.journal import Journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, choose_log, open_index
from lienthong.exchange.adapters.log_postgres import PostgresLog
from lienthong.exchange.serverconf.settings import LogEngine, LogSettings


def test_journals_and_an_index_are_the_default(tmp_path: Path) -> None:
    assert isinstance(choose_log(LogSettings(), data=tmp_path, worker=2), Journal)
    with open_index(LogSettings(), data=tmp_path) as index:
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
    with pytest.raises(JournalError, match="cannot be opened"):
        open_index(settings, data=tmp_path)
