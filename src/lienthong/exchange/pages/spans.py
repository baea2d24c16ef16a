"""Spans and instants as people say them, in Vietnamese and English."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_WORDS = {
    "vi": (("ngày", "ngày"), ("giờ", "giờ"), ("phút", "phút"), ("giây", "giây")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
}
_SIZES = (86400, 3600, 60, 1)
_VIETNAM = timezone(timedelta(hours=7))


def say_span(span: timedelta, language: str) -> str:
    """The one or two largest units of a span, its sign dropped: ``2 giờ 5 phút``; seconds stand alone."""
    seconds = abs(int(span.total_seconds()))
    amounts = []
    for size, words in zip(_SIZES, _WORDS[language], strict=True):
        amount, seconds = divmod(seconds, size)
        amounts.append((amount, words))
    first = next((index for index, (amount, _) in enumerate(amounts) if amount), len(amounts) - 1)
    last = first + 1 if first in {0, 2, 3} else first + 2
    shown = [pair for pair in amounts[first:last] if pair[0]] or amounts[-1:]
    return " ".join(f"{amount} {words[amount != 1]}" for amount, words in shown)


def say_instant(instant: datetime, language: str) -> str:
    """A moment in Vietnamese time (UTC+7), to the minute: ``25/11/2026 10:00`` or ``2026-11-25 10:00``."""
    local = instant.astimezone(_VIETNAM)
    return f"{local:%d/%m/%Y %H:%M}" if language == "vi" else f"{local:%Y-%m-%d %H:%M} (UTC+7)"
