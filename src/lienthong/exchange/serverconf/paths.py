"""Service paths as access rights see them: decoded, normalised and matched against patterns.

Source: message-path s.6. Unlike NIIS 7.8, a decoded space or quote is no error (docs/divergences/xroad.md).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from lienthong.exchange.serverconf.settings import ANY_PATH

_TOKEN = re.compile(r"\\\*|\*\*|\*|[^*\\]+|\\", re.DOTALL)
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TRANSLATION = {"*": "[^/]*+", r"\*": r"\*"}
MAX_MATCHED = 8192
"""Longest path compared with a pattern, characters; the request line NIIS servers read is no longer."""
_EVERYTHING = re.compile(".*", re.DOTALL)


class PathRefusedError(ValueError):
    """A service path that cannot be compared safely; the text says why."""


def translate(pattern: str) -> str:
    r"""The regular expression of a path pattern: ``*`` within a segment, ``**`` anything, ``\*`` a star.

    Between two ``**`` the leftmost fit is always good enough, since a later start never ends earlier: it is atomic, so
    that no path a caller thinks up makes the comparison try every combination.
    """
    pieces = [""]
    for word in _TOKEN.findall(pattern):
        if word == "**":
            pieces.append("")
        else:
            pieces[-1] += _TRANSLATION.get(word) or re.escape(word)
    first, *rest = pieces
    if not rest:
        return first
    return first + "".join(f"(?>.*?{piece})" for piece in rest[:-1]) + f".*{rest[-1]}"


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The compiled form of a path pattern, to be matched on the whole path."""
    return _EVERYTHING if pattern == ANY_PATH else re.compile(translate(pattern), re.DOTALL)


def fits(pattern: re.Pattern[str], path: str) -> bool:
    """Whether a normalised *path* fits a compiled pattern as a whole; a very long path fits only ``**``."""
    if pattern is _EVERYTHING:
        return True
    return len(path) <= MAX_MATCHED and pattern.fullmatch(path) is not None


def normalise_path(raw: str) -> str:
    """Decode a raw service path once and resolve its dot segments and doubled slashes.

    Raises:
        PathRefusedError: bad percent-encoding, no UTF-8, or a path that climbs out of the service.
    """
    if not raw:
        return ""
    kept: list[str] = []
    segments = _decode(raw).split("/")
    for segment in segments:
        _refuse_hidden_dots(segment)
        if segment == "..":
            _climb(kept, raw)
        elif segment not in {"", "."}:
            kept.append(segment)
    trailing = "/" if kept and segments[-1] in {"", ".", ".."} else ""
    return f"/{'/'.join(kept)}{trailing}"


def _decode(raw: str) -> str:
    if _PERCENT.search(raw):
        raise PathRefusedError("a percent sign is not followed by two hexadecimal digits")
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as exc:
        raise PathRefusedError("the decoded path is not UTF-8") from exc


def _refuse_hidden_dots(segment: str) -> None:
    """Some servers read ``..;x`` and ``..\\x`` as ``..``: a right on one path must not open another."""
    pieces = re.split(r"[;\\]", segment)
    if len(pieces) > 1 and ".." in pieces:
        raise PathRefusedError("dot segments are hidden behind ';' or '\\'")


def _climb(kept: list[str], raw: str) -> None:
    if not kept:
        raise PathRefusedError(f"{raw!r} climbs out of the service")
    kept.pop()
