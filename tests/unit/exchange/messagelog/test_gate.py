"""Messages are refused when nothing timestamps them for too long."""

from datetime import UTC, datetime, timedelta

import pytest

from lienthong.exchange.messagelog.gate import DEFAULT_PERIOD, refuses

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("last_success", "failing_since", "period", "has_tsa", "code"),
    [
        (None, None, DEFAULT_PERIOD, False, "mlog.no_timestamping_provider_found"),
        (None, None, DEFAULT_PERIOD, True, None),
        (NOW, None, DEFAULT_PERIOD, True, None),
        (None, NOW - DEFAULT_PERIOD, DEFAULT_PERIOD, True, None),
        (None, NOW - DEFAULT_PERIOD - SECOND, DEFAULT_PERIOD, True, "mlog.timestamping_failed"),
        (NOW - 2 * DEFAULT_PERIOD, NOW - DEFAULT_PERIOD - SECOND, DEFAULT_PERIOD, True, "mlog.timestamping_failed"),
        (NOW, NOW - 2 * DEFAULT_PERIOD, DEFAULT_PERIOD, True, None),
        (None, NOW - 9 * DEFAULT_PERIOD, timedelta(0), True, None),
    ],
)
def test_gate(
    last_success: datetime | None, failing_since: datetime | None, period: timedelta, has_tsa: bool, code: str | None
) -> None:
    fault = refuses(NOW, last_success, failing_since, period, has_tsa=has_tsa)
    assert (fault.code if fault else None) == code
