"""Opens the message log that the settings of a security server name: journals and SQLite, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder
from lienthong.exchange.serverconf.settings import LogEngine, LogSettings

if TYPE_CHECKING:
    from lienthong.exchange.adapters.log_postgres import PostgresLog
    from lienthong.exchange.adapters.log_postgres_index import PostgresIndex

JOURNAL_FOLDER = "journal"
"""Name, in the data folder, of the folder that holds each worker's journal."""
INDEX_FILE = "message-log.sqlite"
"""Name, in the data folder, of the index over the journals."""


def choose_log(log: LogSettings, *, data: Path, worker: int) -> Journal | PostgresLog:
    """A worker's way into the log, not yet open; raises JournalError."""
    if log.engine is LogEngine.POSTGRES:
        from lienthong.exchange.adapters.log_postgres import PostgresLog

        return PostgresLog(_read_dsn(log))
    sizes = SegmentSizes(first=min(1024 * 1024, log.segment_bytes), largest=log.segment_bytes)
    folder = worker_folder(data / JOURNAL_FOLDER, worker)
    return Journal(folder, worker=worker, settings=JournalSettings(sizes=sizes))


def open_index(log: LogSettings, *, data: Path) -> LogIndex | PostgresIndex:
    """The side of supervisor and operator, open; raises JournalError."""
    if log.engine is LogEngine.POSTGRES:
        from lienthong.exchange.adapters.log_postgres_index import PostgresIndex

        return PostgresIndex(_read_dsn(log))
    return LogIndex(data / INDEX_FILE, data / JOURNAL_FOLDER)


def _read_dsn(log: LogSettings) -> str:
    if log.dsn_file is None:
        raise JournalError("the postgres engine needs dsn_file")
    try:
        return log.dsn_file.read_text("utf-8").strip()
    except OSError as exc:
        raise JournalError(f"dsn_file cannot be read: {exc.strerror}") from exc
