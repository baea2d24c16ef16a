"""Opens the message log that the settings of a security server name: journals with their index, or PostgreSQL."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_database import LogDatabase
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder
from lienthong.exchange.identifiers import SecurityServerId
from lienthong.exchange.serverconf.settings import IndexEngine, LogEngine, LogSettings

if TYPE_CHECKING:
    from lienthong.exchange.adapters.log_postgres import PostgresLog
    from lienthong.exchange.adapters.log_postgres_index import PostgresIndex

JOURNAL_FOLDER = "journal"
"""Name, in the data folder, of the folder that holds each worker's journal."""
INDEX_FILE = "message-log.sqlite"
"""Name, in the data folder, of the index over the journals."""
INDEX_TABLES = "log_index_postgres.sql"
"""Its tables where PostgreSQL keeps it."""


def choose_log(log: LogSettings, *, data: Path, worker: int) -> Journal | PostgresLog:
    """A worker's way into the log, not yet open; raises JournalError."""
    if log.engine is LogEngine.POSTGRES:
        dsn = _read_dsn(log)
        from lienthong.exchange.adapters.log_postgres import PostgresLog

        return PostgresLog(dsn)
    sizes = SegmentSizes(first=min(1024 * 1024, log.segment_bytes), largest=log.segment_bytes)
    folder = worker_folder(data / JOURNAL_FOLDER, worker)
    return Journal(folder, worker=worker, settings=JournalSettings(sizes=sizes))


def open_index(log: LogSettings, *, data: Path, server: SecurityServerId | None) -> LogIndex | PostgresIndex:
    """The side of supervisor and operator; *server* is the one whose log it is, where known. Raises JournalError."""
    if log.engine is LogEngine.POSTGRES:
        dsn = _read_dsn(log)
        from lienthong.exchange.adapters.log_postgres_index import PostgresIndex

        return PostgresIndex(dsn)
    return LogIndex(_index_database(log, data, server), data / JOURNAL_FOLDER)


def _index_database(log: LogSettings, data: Path, server: SecurityServerId | None) -> LogDatabase:
    if log.index is IndexEngine.POSTGRES:
        dsn = _read_dsn(log)
        from lienthong.exchange.adapters.log_database_postgres import PostgresDatabase

        owner = "/".join(server.parts) if server else None
        return PostgresDatabase(dsn, tables=INDEX_TABLES, owner=owner)
    return SqliteDatabase(data / INDEX_FILE)


def _read_dsn(log: LogSettings) -> str:
    if find_spec("psycopg") is None:
        raise JournalError("PostgreSQL needs a driver: install lienthong[postgres]")
    if log.dsn_file is None:
        raise JournalError("PostgreSQL needs dsn_file")
    try:
        return log.dsn_file.read_text("utf-8").strip()
    except OSError as exc:
        raise JournalError(f"dsn_file cannot be read: {exc.strerror}") from exc
