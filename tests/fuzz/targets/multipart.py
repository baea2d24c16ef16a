"""A message's parts: however the bytes are cut, the events are the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.reader import (
    MAX_HEADER_BLOCK,
    End,
    Event,
    MultipartReader,
    PartData,
    PartEnd,
    PartStart,
    WholePart,
)

REFUSES = (Fault,)
_BOUNDARY = re.compile(rb"\A\s*--([!-~]{1,70})")


def read(data: bytes) -> None:
    found = _BOUNDARY.match(data)
    boundary = found[1].decode() if found else "xtopA"
    whole = _outcome(boundary, [data])
    size = 1 + len(data) // 64
    assert _outcome(boundary, [data[at : at + size] for at in range(0, len(data), size)]) == whole
    assert _outcome(boundary, [data[:1], data[1:]]) == whole
    parts = MultipartReader(boundary).read_whole(data)
    assert parts is None or [*_told(parts), End()] == whole


def _told(parts: list[WholePart]) -> Iterator[object]:
    """The events of parts that came whole."""
    for start, content in parts:
        yield start
        yield from filter(None, [content])
        yield PartEnd()


def _outcome(boundary: str, pieces: list[bytes]) -> list[object] | str:
    """Events with content joined, or a fault's code."""
    reader = MultipartReader(boundary)
    merged: list[object] = []
    try:
        for piece in pieces:
            _merge(merged, reader.feed(piece))
        _merge(merged, reader.close())
    except Fault as fault:
        return fault.code
    assert isinstance(merged[-1], End)
    return merged


def _merge(merged: list[object], events: list[Event]) -> None:
    for event in events:
        if isinstance(event, PartData):
            assert event.data
            if isinstance(merged[-1], bytes):
                merged[-1] += event.data
            else:
                merged.append(event.data)
            continue
        if isinstance(event, PartStart):
            assert len(event.header_block) <= MAX_HEADER_BLOCK
            assert event.content_type == event.content_type.strip(" ")
        merged.append(event)
