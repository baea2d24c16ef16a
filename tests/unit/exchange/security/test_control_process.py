"""The cycles of the control process while what they need is away."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes.settings_files import SERVER, read

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.adapters.log_index import worker_folder
from lienthong.exchange.adapters.log_index_choice import JOURNAL_FOLDER, open_index
from lienthong.exchange.security.control import Control
from lienthong.exchange.security.control_process import ControlProcess
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.serverconf.settings import IndexEngine, LogSettings

NOW = datetime(2026, 7, 3, 8, tzinfo=UTC)


def test_an_index_that_is_away_is_a_failure_of_timestamping_and_ends_no_cycle(tmp_path: Path) -> None:
    worker_folder(tmp_path / JOURNAL_FOLDER, 0).mkdir(parents=True)
    (tmp_path / "dsn").write_text("host=/nonexistent dbname=x")
    log = LogSettings(index=IndexEngine.POSTGRES, dsn_file=tmp_path / "dsn")
    settings = read(SERVER)
    index = open_index(log, data=tmp_path, server=settings.id)
    paths = DataPaths(tmp_path)
    process = ControlProcess(paths, settings, GlobalConfFolder(paths.globalconf), index, lambda: NOW)
    control = process.control = Control(process.clock, process.cycles(), status=dict)
    for name in ("index", "timestamp"):
        outcome = asyncio.run(control.cycles[name].turn(process.clock))
        assert not outcome.done
        assert "PostgreSQL cannot be opened" in outcome.text
    assert control.timestamps.failing_since == NOW
