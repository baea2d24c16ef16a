"""Links to people's own pages: unguessable, signed with the installation's secret, good until a day that they name.

A link is ``<key>.<expiry>.<signature>``. The key says whose page, and the register stores its digest only; expiry and
signature make the link, so that one that was found in an old letter or a browser's history opens nothing.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from lienthong.systems.vocabulary.person_number import PersonNumber

LINK_DAYS_MAX = 366
"""Longest life of a link, in days; one that claims a longer one opens nothing."""
_LINK = re.compile(r"([A-Za-z0-9_-]{43})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})", re.ASCII)


def access_key(number: PersonNumber, *, secret: str) -> str:
    """The 256-bit key of a person's page, URL-safe; only the holder of *secret* can make it."""
    return _tag(secret, "own access page", number.digits)


def key_digest(key: str) -> str:
    """What the register keeps of a key."""
    return sha256(key.encode()).hexdigest()


def make_link(number: PersonNumber, *, secret: str, expires: datetime) -> str:
    """What stands at the end of a link that opens a person's page until *expires* (aware, whole seconds count)."""
    key, until = access_key(number, secret=secret), f"{int(expires.timestamp())}"
    return f"{key}.{until}.{_tag(secret, 'own access link', key, until)}"


def open_link(link: str, *, secret: str, at: datetime) -> str | None:
    """The key that a link bears; None where it was not made here, has expired, or claims to live for too long."""
    found = _LINK.fullmatch(link)
    if found is None:
        return None
    key, until, tag = found.groups()
    if not hmac.compare_digest(tag, _tag(secret, "own access link", key, until)):
        return None
    left = int(until) - at.timestamp()
    return key if 0 < left <= timedelta(days=LINK_DAYS_MAX).total_seconds() else None


def last_instant(at: datetime, *, days: int) -> datetime:
    """When a link made at *at* for so many days expires: with its last day in UTC, so that a day's links are equal."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days + 1)


def _tag(secret: str, purpose: str, *words: str) -> str:
    message = "\x00".join((purpose, *words)).encode()
    return urlsafe_b64encode(hmac.new(secret.encode(), message, sha256).digest()).rstrip(b"=").decode("ascii")
