"""multipart/related: however it is cut the same is read, and what is written of it is read again as it was."""

from __future__ import annotations

import re

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.reader import Event, PartData, PartStart
from lienthong.exchange.transport.related import RelatedReader
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part

REFUSES = (Fault,)
_BOUNDARY = re.compile(rb"\A\s*--([!-~]{1,70})")
_FRESH = "a-boundary-that-no-fuzzer-finds-in-any-of-its-lives"
"""In place of the original one, which a written part may hold in another place."""


def read(data: bytes) -> None:
    found = _BOUNDARY.match(data)
    boundary = found[1].decode() if found else "b"
    parts = _parts(boundary, [data])
    size = 1 + len(data) // 64
    assert _parts(boundary, [data[at : at + size] for at in range(0, len(data), size)]) == parts
    if parts and _FRESH.encode() not in data:
        writer = MultipartWriter(_FRESH, Framing.RELATED)
        written = b"".join(map(writer.write_part, parts)) + writer.close()
        assert _parts(_FRESH, [written]) == parts


def _parts(boundary: str, pieces: list[bytes]) -> list[Part]:
    """The envelope, then the attachments."""
    reader = RelatedReader(boundary)
    events: list[Event] = []
    for piece in pieces:
        events += reader.feed(piece)
    events += reader.close()
    parts = [] if reader.envelope is None else [reader.envelope]
    for event in events:
        match event:
            case PartStart():
                parts.append(Part(event.content_type, b"", event.further_headers))
            case PartData(data):
                parts[-1] = Part(parts[-1].content_type, parts[-1].body + data, parts[-1].headers)
    return parts
