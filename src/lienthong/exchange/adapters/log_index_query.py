"""Turns a log query into SQL that SQLite and PostgreSQL both run, always along an index."""

from __future__ import annotations

from collections.abc import Sequence

from lienthong.exchange.identifiers import ClientId, ServiceId, decode_client, encode_path
from lienthong.exchange.messagelog.entries import Cursor, LogEntry, LogQuery, Position
from lienthong.exchange.messagelog.record import Side

COLUMNS = (
    "number, time_ms, message_id, x_request_id, side, is_response, client, service_client, service_code, "
    "service_version, user_id, issue, worker, segment, position, length, log_timestamp"
)
MAX_PAGE = 10_000


def search_sql(
    query: LogQuery, after: Cursor | None, limit: int, *, columns: str = COLUMNS
) -> tuple[str, list[object]]:
    """A statement and its parameters."""
    conditions = _conditions(query)
    if after is not None:
        conditions.append(("(time_ms, number) < (?, ?)", list(after)))
    where = " AND ".join(text for text, _ in conditions)
    parameters = [value for _, values in conditions for value in values]
    statement = (
        f"SELECT {columns} FROM log_record{' WHERE ' + where if where else ''} "  # noqa: S608 - only literals above
        f"ORDER BY time_ms DESC, number DESC LIMIT ?"
    )
    return statement, [*parameters, max(1, min(limit, MAX_PAGE))]


def _conditions(query: LogQuery) -> list[tuple[str, list[object]]]:
    service = query.service
    wanted: list[tuple[str, object]] = [
        ("message_id = ?", query.message_id),
        ("client = ?", query.client and encode_path(query.client)),
        ("service_client = ?", service and encode_path(service.client)),
        ("service_code = ?", service and service.service_code),
        ("service_version = ?", service and service.service_version),
        ("time_ms >= ?", query.from_ms),
        ("time_ms < ?", query.until_ms),
        ("user_id = ?", query.user_id),
        ("issue = ?", query.issue),
        ("is_response = ?", query.is_response),
    ]
    return [(text, [value]) for text, value in wanted if value is not None]


def read_entry(row: Sequence[object]) -> LogEntry:
    """One row of :data:`COLUMNS` as a value."""
    (number, time_ms, message_id, x_request_id, side, is_response, client, *rest) = row
    (service_client, code, version, user_id, issue, worker, segment, position, length, timestamp) = rest
    return LogEntry(
        number=_int(number),
        time_ms=_int(time_ms),
        message_id=str(message_id),
        x_request_id=_text(x_request_id),
        side=Side(side),
        is_response=bool(is_response),
        client=decode_client(str(client)),
        service=ServiceId(decode_client(str(service_client)), str(code), _text(version)),
        user_id=_text(user_id),
        issue=_text(issue),
        position=Position(worker=_int(worker), segment=_int(segment), offset=_int(position), length=_int(length)),
        timestamp=None if timestamp is None else _int(timestamp),
    )


def client_text(client: ClientId) -> str:
    """A client as the index stores it."""
    return encode_path(client)


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("index column is no integer")
    return value


def _text(value: object) -> str | None:
    return None if value is None else str(value)
