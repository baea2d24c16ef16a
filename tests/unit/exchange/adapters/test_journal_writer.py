"""Groups are laid out frame by frame with gathered writes."""

import asyncio
from pathlib import Path

from lienthong.exchange.adapters.journal_files import DiskFiles
from lienthong.exchange.adapters.journal_reader import Frame, Segment, scan
from lienthong.exchange.adapters.journal_segments import SegmentSizes, SegmentWriter
from lienthong.exchange.adapters.journal_writer import Entry, GroupWriter


def test_frames_lie_where_the_positions_say(tmp_path: Path) -> None:
    segments = SegmentWriter(tmp_path, 3, DiskFiles(), SegmentSizes(first=64 * 1024, largest=64 * 1024))
    segments.open(created_ms=5)
    loop = asyncio.new_event_loop()
    entries = [Entry(b"f" * n, b"b" * (n * 3), loop.create_future()) for n in range(1, 60)]
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
