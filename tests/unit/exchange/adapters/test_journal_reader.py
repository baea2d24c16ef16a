"""Damage is told from a torn tail, and what lies behind it is still read."""

import asyncio
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import (
    Damage,
    DamageKind,
    JournalReader,
    encode_watermark,
    read_watermark,
    segment_path,
)
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.messagelog.entries import Position

SIZES = SegmentSizes(first=32 * 1024, largest=32 * 1024)
RECORDS = 8


@cache
def template() -> tuple[Path, tuple[Position, ...]]:
    """A journal as a killed process leaves it: not closed, zeros behind the last record."""
    folder = Path(mkdtemp(prefix="journal-"))
    positions: list[Position] = []

    async def run() -> None:
        async with Journal(folder / "live", worker=0, settings=JournalSettings(sizes=SIZES)) as journal:
            for n in range(RECORDS):
                positions.append(await journal.append(log_record(f"m{n}", body=bytes([n + 1]) * 50)))
            shutil.copytree(folder / "live", folder / "killed")

    asyncio.run(run())
    return folder / "killed", tuple(positions)


@pytest.fixture(scope="module", autouse=True)
def _remove_template() -> object:
    yield
    shutil.rmtree(template()[0].parent)


def changed(where: Path, change: tuple[int, int] | None = None, cut: int | None = None, *, watermark: bool) -> Path:
    """A copy of the template with one byte changed or the file cut (zeros stay behind a cut, as on a real disk)."""
    source, _ = template()
    shutil.rmtree(where, ignore_errors=True)
    shutil.copytree(source, where)
    path = segment_path(where, 1)
    data = bytearray(path.read_bytes())
    if change is not None:
        data[change[0]] ^= change[1]
    if cut is not None:
        data[cut:] = bytes(len(data) - cut)
    path.write_bytes(data)
    if not watermark:
        (where / "durable").unlink()
    return where


def recover(folder: Path) -> None:
    async def run() -> None:
        async with Journal(folder, worker=0, settings=JournalSettings(sizes=SIZES)) as journal:
            await journal.append(log_record("new"))

    asyncio.run(run())


def logged(folder: Path) -> tuple[list[str], list[DamageKind]]:
    ids, damage = [], []
    for item in JournalReader(folder).follow(0, 4096):
        if isinstance(item, Damage):
            damage.append(item.kind)
        else:
            ids.append(item[1].message_id)
    return ids, damage


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_cut_tail_loses_only_the_cut_records(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    _, positions = template()
    end = positions[-1].offset + positions[-1].length
    cut = data.draw(st.integers(4096, end))
    folder = changed(tmp_path_factory.getbasetemp() / "cut", cut=cut, watermark=False)
    whole = [f"m{n}" for n, p in enumerate(positions) if p.offset + p.length <= cut]
    recover(folder)
    ids, damage = logged(folder)
    assert ids[: len(whole)] == whole
    assert ids[-1] == "new"
    assert len(ids) <= len(whole) + 2  # a cut in the zeros of the padding takes nothing away
    assert damage == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_byte_loses_one_record_and_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    _, positions = template()
    which = data.draw(st.integers(0, RECORDS - 1))
    known = data.draw(st.booleans())
    position = positions[which]
    # The padding, and the 4 spare bytes of the header, are the only bytes nothing depends on.
    at = position.offset + data.draw(st.integers(0, position.length - 12).filter(lambda n: not 60 <= n < 64))
    folder = changed(tmp_path_factory.getbasetemp() / "flip", (at, data.draw(st.integers(1, 255))), watermark=known)
    before = check_journal(folder)
    told = known or which < RECORDS - 1  # only the last record, with no watermark, looks like a torn tail
    assert before.records == RECORDS - 1
    assert before.is_sound is not told
    recover(folder)
    ids = [item[1].message_id for item in JournalReader(folder).follow(0, 4096) if not isinstance(item, Damage)]
    kept = [f"m{n}" for n in range(RECORDS) if n != which]
    assert [name for name in ids if name in kept] == kept
    assert ids[-1] == "new"
    assert check_journal(folder).is_sound is not told


def test_follow_names_damage_once_and_goes_on(tmp_path: Path) -> None:
    _, positions = template()
    folder = changed(tmp_path / "w0", (positions[2].offset + 70, 1), watermark=True)
    ids, damage = logged(folder)
    assert ids == ["m0", "m1", "m3", "m4", "m5", "m6", "m7"]
    assert damage == [DamageKind.CORRUPT]
    with pytest.raises(JournalError, match="damaged"):
        JournalReader(folder).read(positions[2])


def test_missing_segments_and_bad_headers_are_told(tmp_path: Path) -> None:
    folder = changed(tmp_path / "w0", watermark=True)
    recover(folder)
    recover(folder)
    segment_path(folder, 2).unlink()
    assert [d.kind for d in check_journal(folder).damage] == [DamageKind.MISSING]
    folder = changed(tmp_path / "w0", (3, 1), watermark=True)
    assert [d.kind for d in check_journal(folder).damage] == [DamageKind.BAD_HEADER]
    assert logged(folder) == ([], [DamageKind.BAD_HEADER])
    with pytest.raises(JournalError, match="run check"):
        recover(folder)
    with pytest.raises(JournalError, match="cannot be read"):
        JournalReader(folder).read(template()[1][0])


def test_a_torn_watermark_is_unknown(tmp_path: Path) -> None:
    assert read_watermark(tmp_path) is None
    (tmp_path / "durable").write_bytes(encode_watermark(3, 9000))
    assert read_watermark(tmp_path) == (3, 9000)
    (tmp_path / "durable").write_bytes(encode_watermark(3, 9000)[:-1])
    assert read_watermark(tmp_path) is None
