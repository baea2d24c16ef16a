"""Header lines of a REST header block: which are removed, added and refused.

Source: PR-REST s.4; message-path dossier s.2.4, s.2.5, s.3.7.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lienthong.exchange.errors import Fault

Headers = Sequence[tuple[bytes, bytes]]
"""Names and values in order and spelling."""

HOP_BY_HOP = frozenset(
    {
        b"transfer-encoding",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"te",
        b"trailer",
        b"upgrade",
        b"connection",
        b"user-agent",
        b"host",
        b"content-length",
        b"server",
        b"expect",
    }
)
"""Removed from what information systems and services send; a received block that holds one is refused."""
REMOVED_FROM_REQUEST = HOP_BY_HOP | {b"x-road-request-id", b"x-road-request-hash"}
REMOVED_FROM_RESPONSE = HOP_BY_HOP | {b"x-road-id", b"x-road-client", b"x-road-request-id", b"x-road-request-hash"}
"""``x-road-service`` stays: the server's own follows it, and the last value counts."""

_USUAL_TYPES = {
    (full := b"%b;%bcharset=%b" % (media_type, blank, charset)).lower(): full
    for media_type in (
        b"text/plain",
        b"text/html",
        b"text/xml",
        b"text/json",
        b"application/json",
        b"application/x-www-form-urlencoded",
    )
    for blank in (b"", b" ")
    for charset in (b"UTF-8", b"ISO-8859-1")
}
_LINES = re.compile(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\r\n\0]*\r\n)*")
_FORBIDDEN = re.compile(rb"\n(%b):" % b"|".join(sorted(HOP_BY_HOP)), re.IGNORECASE)
_X_ROAD = re.compile(r"\n(x-road-[a-z-]+):([^\r]*)", re.IGNORECASE | re.ASCII)


def kept(headers: Headers, removed: frozenset[bytes], *, usual_charset: bool = False) -> list[bytes]:
    """Header lines to sign, without line ends: names as received, UTF-8 values without surrounding blanks.

    Args:
        usual_charset: Whether a usual Content-Type gets its charset in upper case, as recorded servers sign requests.
    """
    lines = []
    for name, value in headers:
        key = name.lower()
        if key not in removed:
            shown = usual_content_type(value) if usual_charset and key == b"content-type" else value
            lines.append(b"%b:%b" % (name, _utf8(shown.strip(b" \t"))))
    return lines


def usual_content_type(value: bytes) -> bytes:
    """A usual Content-Type with its charset in upper case; every other one as it is.

    Source: recordings ``rest/post-json`` and ``ec/rest-post-json``: utf-8 came, UTF-8 was signed and sent on.
    """
    return _USUAL_TYPES.get(value.lower(), value)


def _utf8(value: bytes) -> bytes:
    """Header blocks are UTF-8: a value that is not becomes so from ISO-8859-1. Source: RFC 9110 s.5.5."""
    if value.isascii():
        return value
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1").encode("utf-8")
    return value


def join_block(first: bytes, second: bytes, lines: Sequence[bytes]) -> bytes:
    """A header block: two lines, then header lines, every one ended by CRLF.

    Raises:
        Fault: ``internal_error`` when a line holds a line end of its own.
    """
    block = b"\r\n".join([first, second, *lines, b""])
    if block.count(b"\n") != len(lines) + 2:
        raise Fault("internal_error", "Invalid header: a header holds a line end")
    return block


def check_lines(block: bytes, start: int) -> None:
    """Refuse header lines, from *start*, that no security server may send.

    Raises:
        Fault: ``internal_error``.
    Source: message-path dossier s.3.7.
    """
    if not _LINES.fullmatch(block, start):
        raise Fault("internal_error", "Invalid header: a line of the header block is not name:value ended by CRLF")
    if found := _FORBIDDEN.search(block, start - 1):
        raise Fault("internal_error", f"Invalid header: {found[1].lower().decode('ascii')}")


def x_road_values(block: bytes, start: int) -> dict[str, str]:
    """The last value of each ``x-road-`` header (lower case) in checked lines from *start*."""
    found = _X_ROAD.findall(block[start - 1 :].decode("utf-8"))
    return {name.lower(): value for name, value in found}


def pairs(block: bytes, start: int) -> tuple[tuple[bytes, bytes], ...]:
    """Names and values of the lines from *start*."""
    lines = block[start:].split(b"\r\n")[:-1]
    return tuple((name, value) for name, _, value in (line.partition(b":") for line in lines))
