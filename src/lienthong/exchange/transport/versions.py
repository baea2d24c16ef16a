"""The version that a client proxy tells, and the oldest one a provider serves. Source: message-path dossier s.3.4."""

from __future__ import annotations

import re

from lienthong.exchange.errors import Fault

_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:[-+].*)?")


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Major, minor and patch of a semantic version, or None. A pre-release counts as its release."""
    found = _SEMVER.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def require_client_version(version: str | None, minimum: str) -> None:
    """Refuse a client proxy older than *minimum*; an empty minimum serves every one.

    Raises:
        Fault: ``client_proxy_version_not_supported``.
    """
    oldest = parse_version(minimum)
    if oldest is None:
        return
    told = parse_version(version or "unknown")
    if told is None or told < oldest:
        raise Fault(
            "client_proxy_version_not_supported",
            f"Client proxy version {version or 'unknown'} is older than {minimum}, the oldest that is served here",
        )
