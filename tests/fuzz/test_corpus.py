"""Every input that was ever kept, given to every target: a documented refusal or a reading, and quickly."""

from __future__ import annotations

import contextlib
import time

import pytest
from tests.fuzz.table import CORPUS, TARGETS, Target

SECONDS_MAX = 20.0
"""For all of the corpus on one target, which takes about one on a slow machine."""


def kept() -> list[tuple[str, bytes]]:
    return [(str(path.relative_to(CORPUS)), path.read_bytes()) for path in sorted(CORPUS.glob("*/*"))]


def replay(target: Target, data: bytes) -> None:
    read, refuses = target.load()
    with contextlib.suppress(*refuses):
        read(data)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_kept_input_is_read_or_refused(target: Target) -> None:
    started = time.perf_counter()
    for _, data in kept():
        replay(target, data)
    assert time.perf_counter() - started < SECONDS_MAX


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_has_a_seed_that_it_reads(target: Target) -> None:
    read, refuses = target.load()
    verdicts = []
    for path in sorted((CORPUS / target.name).glob("seed-*")):
        try:
            read(path.read_bytes())
            verdicts.append(True)
        except refuses:
            verdicts.append(False)
    assert any(verdicts)


def test_the_table_names_every_target_and_folder() -> None:
    names = {target.name for target in TARGETS}
    modules = {path.stem for path in (CORPUS.parent / "targets").glob("*.py")}
    assert modules == names == {path.name for path in CORPUS.iterdir()}
