"""Whether messages are refused because nothing timestamps them. Source: message-path s.5.3."""

from __future__ import annotations

from datetime import datetime, timedelta

from lienthong.exchange.errors import Fault

DEFAULT_PERIOD = timedelta(seconds=14400)


def refuses(
    now: datetime,
    last_success: datetime | None,
    failing_since: datetime | None,
    period: timedelta = DEFAULT_PERIOD,
    *,
    has_tsa: bool,
) -> Fault | None:
    """The fault every message is refused with, or None while messages may pass.

    Args:
        now: Aware instant of the message.
        last_success: When a timestamp was last obtained.
        failing_since: When the present run of failures began; None while the last attempt succeeded.
        period: How long failures are borne; zero means for ever.
        has_tsa: Whether any timestamping authority is configured and approved.
    """
    if not has_tsa:
        return Fault(
            "mlog.no_timestamping_provider_found",
            "No approved timestamping authority is configured on this security server: configure one.",
        )
    recovered = failing_since is None or (last_success is not None and last_success >= failing_since)
    if recovered or failing_since is None or not period:
        return None
    if now - failing_since <= period:
        return None
    return Fault(
        "mlog.timestamping_failed",
        f"Timestamping has failed since {failing_since.isoformat()}, longer than the {period} allowed: "
        "restore the connection to a timestamping authority.",
    )
