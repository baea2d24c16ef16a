"""The order of parts: each line is a Content-Type, first of a request, then of a response."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.transport.content import boundary_of, media_type, read_hash_algorithm
from lienthong.exchange.transport.sequence import Direction, PartSequence, check_ocsp_part

REFUSES = (Fault,)
_PARTS_MAX = 1000


def read(data: bytes) -> None:
    lines = data.decode("latin-1").split("\n")[:_PARTS_MAX]
    for direction in Direction:
        for is_rest in (True, False):
            with contextlib.suppress(Fault):
                _walk(lines, direction, is_rest=is_rest)
    for line in lines:
        assert media_type(line) == media_type(line).lower()
        with contextlib.suppress(Fault):
            assert 1 <= len(boundary_of(line)) <= 70
        with contextlib.suppress(Fault):
            read_hash_algorithm(line)
    check_ocsp_part(data)


def _walk(lines: list[str], direction: Direction, *, is_rest: bool) -> None:
    sequence = PartSequence(direction)
    for line in lines:
        sequence.accept(line)
    sequence.finish(is_rest=is_rest)
