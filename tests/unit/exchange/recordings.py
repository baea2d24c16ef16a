"""Reads the recordings of a genuine pair of security servers: HTTP heads, chunked bodies."""

import json
from pathlib import Path

from tests.shared import shared


def live(case: str, name: str) -> bytes:
    return shared(f"fixtures/xroad/live/{case}/{name}").read_bytes()


def live_files(pattern: str) -> list[Path]:
    return sorted(shared("fixtures/xroad/live").glob(pattern))


def index() -> dict[str, dict[str, object]]:
    return {case["case"]: case for case in json.loads(shared("fixtures/xroad/live/index.json").read_bytes())}


def split_http(raw: bytes) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """First line, headers, body without chunking."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
    if (b"transfer-encoding", b"chunked") in [(name.lower(), value.lower()) for name, value in headers]:
        body = dechunk(body)
    return first, headers, body


def header(headers: list[tuple[bytes, bytes]], name: bytes) -> str:
    return next(value.decode() for key, value in headers if key.lower() == name)


def dechunk(body: bytes) -> bytes:
    pieces, position = [], 0
    while position < len(body):
        end = body.index(b"\r\n", position)
        size = int(body[position:end], 16)
        pieces.append(body[end + 2 : end + 2 + size])
        position = end + size + 4
    return b"".join(pieces)
