from datetime import UTC, datetime, timedelta

import pytest

from lienthong.exchange.pages import say_instant, say_span


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (0, "0 giây", "0 seconds"),
        (1, "1 giây", "1 second"),
        (-119, "1 phút", "1 minute"),
        (3600, "1 giờ", "1 hour"),
        (7505, "2 giờ 5 phút", "2 hours 5 minutes"),
        (90_000, "1 ngày", "1 day"),
        (20 * 86_400, "20 ngày", "20 days"),
    ],
)
def test_spans(seconds: int, vi: str, en: str) -> None:
    span = timedelta(seconds=seconds)
    assert (say_span(span, "vi"), say_span(span, "en")) == (vi, en)


def test_instants_are_in_vietnamese_time() -> None:
    instant = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    assert say_instant(instant, "vi") == "01/01/2027 01:30"
    assert say_instant(instant, "en") == "2027-01-01 01:30 (UTC+7)"
