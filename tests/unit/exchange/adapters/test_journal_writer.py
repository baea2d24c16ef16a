"""Groups are laid out frame by frame with gathered writes."""

import asyncio
from pathlib import Path

import pytest
from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_files import DiskFiles, JournalError
from lienthong.exchange.adapters.journal_reader import DamageKind, Frame, JournalReader, Segment, scan
from lienthong.exchange.adapters.journal_segments import SegmentSizes, SegmentWriter
from lienthong.exchange.adapters.journal_writer import Entry, GroupWriter
from lienthong.exchange.messagelog.entries import Position

SIGNATURE = b"<batch>" + bytes(5000)
RECORDS = [log_record(f"m{number}", signature=SIGNATURE, message=b"m" * 3000) for number in range(30)]


def test_frames_lie_where_the_positions_say(tmp_path: Path) -> None:
    segments = SegmentWriter(tmp_path, 3, DiskFiles(), SegmentSizes(first=64 * 1024, largest=64 * 1024))
    segments.open(created_ms=5)
    loop = asyncio.new_event_loop()
    entries = [Entry(b"f" * n, b"e%d" % n, b"b" * (n * 3), loop.create_future()) for n in range(1, 60)]
    writer = GroupWriter(segments, 3, group_bytes=1000, clock_ms=lambda: 6)
    positions = writer.write(entries[:20]) + writer.write(entries[20:])
    segments.close()
    loop.close()
    with Segment(tmp_path, 1) as segment:
        frames = list(scan(segment, 4096, known_end=4096, whole=True, beyond=True))
        assert all(isinstance(frame, Frame) for frame in frames)
        found = [frame for frame in frames if isinstance(frame, Frame)]
        assert [frame.position for frame in found] == positions
        assert [frame.header.serial for frame in found] == list(range(1, 60))
        assert {frame.header.durable_to for frame in found} == {4096, positions[20].offset}
        assert segment.header.created_ms == 5


def test_the_evidence_of_a_batch_is_written_once_in_a_segment(tmp_path: Path) -> None:
    async def run() -> None:
        sizes = SegmentSizes(first=64 * 1024, largest=64 * 1024)
        async with Journal(tmp_path, worker=0, settings=JournalSettings(sizes=sizes)) as journal:
            positions = [await journal.append(record) for record in RECORDS]
        lengths = [position.length for position in positions]
        assert {at for at, length in enumerate(lengths) if length > len(SIGNATURE)} == {0, first_of_second(positions)}
        reader = JournalReader(tmp_path)
        assert [reader.read(position) for position in positions] == RECORDS

    asyncio.run(run())


def test_damaged_evidence_is_told_of_every_record_that_shares_it(tmp_path: Path) -> None:
    async def run() -> list[Position]:
        async with Journal(tmp_path, worker=0) as journal:
            return [await journal.append(record) for record in [*RECORDS[:3], log_record("alone")]]

    positions = asyncio.run(run())
    content = bytearray((tmp_path / "000000000001.segment").read_bytes())
    content[content.index(b"<batch>") + 20] ^= 1
    (tmp_path / "000000000001.segment").write_bytes(content)
    damage = check_journal(tmp_path).damage
    assert [(each.kind, each.start) for each in damage] == [
        (DamageKind.CORRUPT, position.offset) for position in positions[:3]
    ]
    with pytest.raises(JournalError, match="damaged"):
        JournalReader(tmp_path).read(positions[1])
    assert JournalReader(tmp_path).read(positions[3]).message_id == "alone"


def first_of_second(positions: list[Position]) -> int:
    return next(at for at, position in enumerate(positions) if position.segment == positions[0].segment + 1)
