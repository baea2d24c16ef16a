"""PostgreSQL as the log of record: the half of the supervisor and the operator."""

from __future__ import annotations

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_database_postgres import PostgresDatabase
from lienthong.exchange.adapters.log_index_query import COLUMNS
from lienthong.exchange.adapters.log_postgres import TABLES
from lienthong.exchange.adapters.log_queries import LogQueries
from lienthong.exchange.messagelog.entries import LogEntry
from lienthong.exchange.messagelog.record import LogRecord, RecordError, decode_record

_SHOWN = COLUMNS.replace("worker, segment, position, length", "-1, 0, number, 0")


class PostgresIndex(LogQueries):
    """Search, timestamps and messages; see :class:`~lienthong.exchange.messagelog.entries.MessageIndex`."""

    def __init__(self, conninfo: str) -> None:
        """Connects when it is first asked."""
        super().__init__(PostgresDatabase(conninfo, tables=TABLES), shown=_SHOWN)

    def read(self, entry: LogEntry) -> LogRecord:
        """The record with its body; raises JournalError."""
        query = "SELECT fields, evidence, body, has_parts FROM log_record WHERE number = ?"
        rows = self._database.rows(query, [entry.number])
        if not rows:
            raise JournalError("record is not in the log")
        fields, evidence, body, has_parts = rows[0]
        if has_parts:
            parts = self._database.rows("SELECT data FROM log_body WHERE record = ? ORDER BY part", [entry.number])
            body = b"".join(data for (data,) in parts if isinstance(data, bytes))
        try:
            record = decode_record(*(part if isinstance(part, bytes) else b"" for part in (fields, evidence)))
        except RecordError as exc:
            raise JournalError(str(exc)) from exc
        return record.with_body(body if isinstance(body, bytes) else None)
