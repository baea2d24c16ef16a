"""The legal day a system lives in: the configured one in a demonstration, else today in Vietnam."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from django.conf import settings

VIETNAM = timezone(timedelta(hours=7), "+07")
"""Civil time of Vietnam, without daylight saving. Source: Quyết định 134/2002/QĐ-TTg."""


def instant_now() -> datetime:
    """The instant, aware, in UTC; read only at the edge."""
    return datetime.now(UTC)


def legal_day() -> date:
    """The day whose units, terms and rules hold."""
    day: date | None = settings.SYSTEM.as_of
    return day or datetime.now(VIETNAM).date()


def legal_day_of(instant: datetime) -> date:
    """The legal day of something that happened at *instant*: the configured one in a demonstration, else its day."""
    day: date | None = settings.SYSTEM.as_of
    return day or instant.astimezone(VIETNAM).date()
