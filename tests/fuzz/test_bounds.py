"""Large inputs made to be slow or to grow: every target is through with them in bounded time and memory.

What is large here is larger than a parser's own limit, or just below it; what is repeated is what a careless pattern or
a careless loop would go over again and again.
"""

from __future__ import annotations

import contextlib
import time
import tracemalloc

import pytest
from tests.fuzz.table import CORPUS, TARGETS, Target

BYTES = 40_000
SECONDS_MAX = 1.0
"""Of processor time for one input; the slowest takes a tenth of it, one that grows with the square many times more."""
MEMORY_MAX = 64 * 1024 * 1024
"""Most memory that one input may take at once."""
REPEATED = {
    "blanks": b" ",
    "line ends": b"\r\n",
    "bare line ends": b"\n",
    "header lines": b"A: b\r\n",
    "folded lines": b"\r\n b",
    "header parameters": b"; a=b",
    "quotes": b'"',
    "semicolons": b";",
    "slashes": b"/",
    "percent signs": b"%2e",
    "ampersands": b"&a=b",
    "dashes": b"--b\r\n",
    "almost delimiters": b"\r\n--xtop",
    "open brackets": b"[",
    "open braces": b'{"a":',
    "open elements": b"<a>",
    "attributes": b' a="b"',
    "DER lengths": b"\x30\x84",
    "nested DER": b"\x30\x80",
    "zip ends": b"PK\x05\x06" + bytes(18),
    "frames": b"LTm1\x00\x00\x00\x01",
    "chunks": b"1\r\na\r\n",
    "TOML tables": b"[[a.b]]\n",
    "TOML keys": b"a.b.",
    "digits": b"9",
    "NUL": b"\0",
}


def alone() -> dict[str, bytes]:
    return {name: (piece * BYTES)[:BYTES] for name, piece in REPEATED.items()}


def in_seeds(target: Target) -> dict[str, bytes]:
    """Every repetition in the middle and at the end of every seed."""
    inputs = {}
    for path in sorted((CORPUS / target.name).glob("seed-*")):
        seed = path.read_bytes()
        middle = len(seed) // 2
        for name, run in alone().items():
            inputs[f"{name} after {path.name}"] = seed + run
            inputs[f"{name} inside {path.name}"] = seed[:middle] + run + seed[middle:]
    return inputs


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_time_is_bounded(target: Target) -> None:
    read, refuses = target.load()
    slow = []
    for name, data in (alone() | in_seeds(target)).items():
        started = time.process_time()
        with contextlib.suppress(*refuses):
            read(data)
        if (taken := time.process_time() - started) > SECONDS_MAX:
            slow.append((name, taken))
    assert slow == []


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_memory_is_bounded(target: Target) -> None:
    read, refuses = target.load()
    tracemalloc.start()
    try:
        for data in alone().values():
            with contextlib.suppress(*refuses):
                read(data)
        assert tracemalloc.get_traced_memory()[1] < MEMORY_MAX
    finally:
        tracemalloc.stop()
