"""Valid inputs, cut, doubled, exchanged and flipped: every target refuses them as documented, or reads them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fuzz.table import CORPUS, TARGETS, Target

Edit = Callable[[bytes, int, int, bytes], bytes]
EDITS: dict[str, Edit] = {
    "prefix": lambda data, start, end, other: data[:end],
    "suffix": lambda data, start, end, other: data[start:],
    "cut out": lambda data, start, end, other: data[:start] + data[end:],
    "doubled": lambda data, start, end, other: data[:end] + data[start:],
    "replaced": lambda data, start, end, other: data[:start] + other + data[end:],
    "inserted": lambda data, start, end, other: data[:start] + other + data[start:],
    "moved": lambda data, start, end, other: data[:start] + data[end:] + data[start:end],
    "flipped": lambda data, start, end, other: data[:start] + bytes(b ^ 1 << start % 8 for b in data[start:end][:4])
    + data[start:end][4:] + data[end:],
}  # fmt: skip
_PLACES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
_OTHER = st.one_of(
    st.binary(max_size=8),
    st.sampled_from([b"\0", b"\r\n", b"\n\n", b"<!--", b"&#0;", b"\xff\xfe", b"%00", b"--", b"9" * 30]),
)
_CHANGES = st.lists(st.tuples(st.sampled_from(sorted(EDITS)), _PLACES, _OTHER), min_size=1, max_size=4)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_a_changed_input_is_refused_as_documented(target: Target) -> None:
    read, refuses = target.load()
    seeds = [path.read_bytes() for path in sorted((CORPUS / target.name).glob("*"))]

    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(seed=st.sampled_from(seeds), changes=_CHANGES)
    def check(seed: bytes, changes: list[tuple[str, list[float], bytes]]) -> None:
        data = seed
        for name, (start, end), other in changes:
            data = EDITS[name](data, int(start * len(data)), int(end * len(data)), other)
        with contextlib.suppress(*refuses):
            read(data[: target.bytes_max])

    check()
