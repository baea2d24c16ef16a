"""What a worker knows of timestamping decides whether messages may pass."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.exchange_pair import snapshot_of

from lienthong.exchange.security.channel import TimestampNotice
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.state import ServerState

NOW = datetime(2026, 7, 3, 8, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=5)


def state() -> ServerState:
    made = ServerState(DataPaths(Path("/nonexistent")), lambda: NOW)
    made.snapshot = snapshot_of()
    return made


def notice(*, since: datetime | None, success: datetime | None = None) -> TimestampNotice:
    return TimestampNotice(last_success=success, failing_since=since, has_tsa=True)


def test_failures_longer_than_the_period_shut_the_gate() -> None:
    worker = state()
    assert worker.log_gate() is None
    worker.note_timestamps(notice(since=LONG_AGO))
    fault = worker.log_gate()
    assert fault is not None
    assert fault.code == "mlog.timestamping_failed"


def test_a_young_control_process_that_cannot_ask_the_index_does_not_open_the_gate() -> None:
    worker = state()
    worker.note_timestamps(notice(since=LONG_AGO))
    worker.note_timestamps(notice(since=NOW))
    assert worker.log_gate() is not None


def test_a_success_opens_it_and_failures_after_one_count_anew() -> None:
    worker = state()
    worker.note_timestamps(notice(since=LONG_AGO))
    worker.note_timestamps(notice(since=None, success=NOW))
    assert worker.log_gate() is None
    worker.note_timestamps(notice(since=LONG_AGO))
    worker.note_timestamps(notice(since=NOW, success=NOW - timedelta(minutes=1)))
    assert worker.log_gate() is None
