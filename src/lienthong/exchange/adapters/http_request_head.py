"""How a request head is written. Pure. Source: RFC 9112 s.3."""

from __future__ import annotations

import re

from lienthong.exchange.adapters.http_messages import Headers

_TARGET = re.compile(rb"/[\x21-\x7e]*|\*")
_METHOD = re.compile(r"[A-Z]+")
_FRAMING = frozenset({b"content-length", b"transfer-encoding", b"connection", b"keep-alive", b"expect"})
_WATCHED_LENGTHS = frozenset(len(name) for name in (*_FRAMING, b"host"))
_MAY_BE_EMPTY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})


def render_request_head(method: str, target: bytes, headers: Headers, authority: bytes, body: bytes | None) -> bytes:
    """Request line and headers; *body* None means chunked. Raises ValueError when it would not be one HTTP head."""
    if not _TARGET.fullmatch(target) or not _METHOD.fullmatch(method):
        raise ValueError("not an HTTP method and target")
    parts = [b""]
    host = authority
    for name, value in headers:
        if len(name) in _WATCHED_LENGTHS:
            key = name.lower()
            if key == b"host":
                host = value
                continue
            if key in _FRAMING:
                continue
        parts.append(b"%b: %b\r\n" % (name, value))
    parts[0] = b"%b %b HTTP/1.1\r\nhost: %b\r\n" % (method.encode(), target, host)
    lines = len(parts) + 1
    head = b"".join(parts)
    if head.count(b"\n") != lines or head.count(b"\r") != lines:
        raise ValueError("a header contains a line break")
    return head + _framing(method, body) + b"\r\n"


def _framing(method: str, body: bytes | None) -> bytes:
    if body is None:
        return b"transfer-encoding: chunked\r\n"
    if not body and method in _MAY_BE_EMPTY:
        return b""
    return b"content-length: %d\r\n" % len(body)
