"""Which language a reader gets: the one in the address, else the one the browser prefers, else Vietnamese."""

from __future__ import annotations

from urllib.parse import parse_qs

LANGUAGES = ("vi", "en")
"""The first is the default."""
_LONGEST = 1000


def choose_language(query: str, accept_language: str) -> str:
    """``vi`` or ``en``.

    Args:
        query: Raw query of the request; ``lang=en`` decides.
        accept_language: Value of ``Accept-Language``, "" where absent.
    Source: RFC 9110 s.12.5.4.
    """
    asked = parse_qs(query[:_LONGEST]).get("lang", [""])[-1]
    if asked in LANGUAGES:
        return asked
    weighed = [_weigh(entry) for entry in accept_language[:_LONGEST].split(",")]
    known = [(weight, language) for weight, language in weighed if language in LANGUAGES and weight > 0]
    return max(known, key=lambda pair: pair[0])[1] if known else LANGUAGES[0]


def _weigh(entry: str) -> tuple[float, str]:
    name, _, parameter = entry.partition(";")
    weight = parameter.strip().removeprefix("q=")
    try:
        return (float(weight) if weight else 1.0), name.strip().lower().partition("-")[0]
    except ValueError:
        return 0.0, ""
