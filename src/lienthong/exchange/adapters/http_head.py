"""Which request heads are refused, and how a response head is written. Pure.

llhttp refuses most ambiguous framing by itself (content-length beside transfer-encoding, two content-lengths, folded
headers, bare LF, broken chunks); what it lets pass and a proxy chain could read in two ways is refused here.

Source: RFC 9112 s.3.2, s.6.1, s.6.3; message-path dossier s.2.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_PHRASES = {s.value: s.phrase.encode() for s in HTTPStatus} | {500: b"Server Error"}
"""Of RFC 9110, but for 500, where X-Road's servers say it so."""
_STATUS_LINES = {status: b"HTTP/1.1 %d %b\r\n" % (status, phrase) for status, phrase in _PHRASES.items()}
_WATCHED_LENGTHS = frozenset(len(name) for name in ("host", "expect", "transfer-encoding", "content-length"))
_FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection", b"keep-alive"})
_FRAMING_LENGTHS = frozenset(len(name) for name in _FRAMING)
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|%00|%25[0-9A-Fa-f]{2}")
_ABSOLUTE_FORM = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)


class HeadRefusedError(Exception):
    """A request head that gets a bare *status* and the end of the connection."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Framing:
    """What the headers say about the body."""

    __slots__ = ("entity", "expects_continue")

    def __init__(self, entity: bool, expects_continue: bool) -> None:
        self.entity = entity
        self.expects_continue = expects_continue


_NO_BODY = Framing(False, False)
_BODY = Framing(True, False)


def check_headers(headers: Sequence[tuple[bytes, bytes]], version: str) -> Framing:
    """Refuse heads that two readers could frame differently; say what is known of the body.

    Raises:
        HeadRefusedError: with the status to answer.
    Source: RFC 9112 s.3.2, s.6.1; RFC 9110 s.10.1.1.
    """
    hosts, entity, expects = 0, False, False
    for name, value in headers:
        if len(name) not in _WATCHED_LENGTHS:
            continue
        key = name.lower()
        if key == b"host":
            hosts += 1
        elif key == b"content-length":
            entity = True
        elif key == b"transfer-encoding":
            entity = True
            _check_coding(value, version)
        elif key == b"expect":
            expects = _check_expectation(value)
    if version not in ("1.1", "1.0"):
        raise HeadRefusedError(400, f"HTTP version {version}")
    if hosts != 1 and (hosts or version == "1.1"):
        raise HeadRefusedError(400, "one Host header is required")
    if expects and entity and version == "1.1":
        return Framing(True, True)
    return _BODY if entity else _NO_BODY


def _check_coding(value: bytes, version: str) -> None:
    if version != "1.1" or value.lower() != b"chunked":
        raise HeadRefusedError(400, "the only transfer coding is chunked, in HTTP/1.1")


def _check_expectation(value: bytes) -> bool:
    if value.lower() != b"100-continue":
        raise HeadRefusedError(417, "unknown expectation")
    return True


def check_target(method: bytes, target: bytes) -> bytes:
    """The origin form of *target*, or a refusal when its path could be read in two ways.

    ``%2F`` inside a segment passes; an encoded dot segment, a double encoding, a broken escape, NUL and bytes that
    are not UTF-8 do not. Raises HeadRefusedError. Source: message-path s.2.1.
    """
    if method == b"CONNECT":
        raise HeadRefusedError(405, "no tunnels here")
    if target[:1] != b"/":
        target = _origin_form(method, target)
    if b"#" in target:
        raise HeadRefusedError(400, "a fragment is not sent")
    if b"%" in target or b";" in target:
        _check_path(target.partition(b"?")[0])
    return target


def _origin_form(method: bytes, target: bytes) -> bytes:
    if target == b"*" and method == b"OPTIONS":
        return target
    match = _ABSOLUTE_FORM.match(target)
    if match is None:
        raise HeadRefusedError(400, "target is neither a path nor a URI")
    rest = target[match.end() :]
    return rest if rest[:1] == b"/" else b"/" + rest


def _check_path(path: bytes) -> None:
    if _BROKEN_ESCAPE.search(path):
        raise HeadRefusedError(400, "ambiguous percent-encoding")
    try:
        unquote_to_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise HeadRefusedError(400, "path is not UTF-8") from None
    for segment in path.split(b"/"):
        if segment not in (b".", b"..") and _is_dots(segment):
            raise HeadRefusedError(400, "ambiguous dot segment")


def _is_dots(segment: bytes) -> bool:
    return segment.partition(b";")[0].lower().replace(b"%2e", b".") in (b".", b"..")


def render_head(
    status: int,
    headers: Sequence[tuple[bytes, bytes]],
    framing: bytes,
    *,
    reason: bytes | None = None,
    keep_length: bool = False,
) -> bytes:
    """Status line and headers, names exactly as given; *framing* is the block of ``name: value CRLF`` that ends it.

    Args:
        keep_length: let a given content-length through (answers to HEAD, 304); it is dropped otherwise, like every
            other framing header, because only the server knows how the body is framed.
    Raises:
        ValueError: a header or reason would break out of its line.
    """
    parts = [_status_line(status, reason)]
    for name, value in headers:
        if len(name) in _FRAMING_LENGTHS:
            key = name.lower()
            if key in _FRAMING and not (keep_length and key == b"content-length"):
                continue
        parts.append(b"%b: %b\r\n" % (name, value))
    lines = len(parts)
    head = b"".join(parts)
    if head.count(b"\n") != lines or head.count(b"\r") != lines:
        raise ValueError("a header contains a line break")
    return b"%b%b\r\n" % (head, framing)


def _status_line(status: int, reason: bytes | None) -> bytes:
    if reason is None:
        line = _STATUS_LINES.get(status)
        if line is not None:
            return line
    return b"HTTP/1.1 %03d %b\r\n" % (status, reason or b"")
