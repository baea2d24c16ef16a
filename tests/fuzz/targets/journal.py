"""Journal segments: whatever lies in the file, a reader finds records or says where the damage is."""

from __future__ import annotations

import atexit
import contextlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import Damage, Segment, scan, segment_path
from lienthong.exchange.messagelog.frames import SegmentError, SegmentHeader, encode_segment_header
from lienthong.exchange.messagelog.record import RecordError, decode_outline, decode_record

REFUSES = ()
SALT = 0x5A17
_HEADER = SegmentHeader(worker=0, sequence=1, salt=SALT, previous_end=0, first_serial=1, created_ms=0)


def read(data: bytes) -> None:
    """The same bytes as encoded fields, as what follows a good header page, and as a whole segment."""
    with contextlib.suppress(RecordError):
        decode_outline(data)
    half = len(data) // 2
    with contextlib.suppress(RecordError):
        decode_record(data[:half], data[half:])
    _scan(encode_segment_header(_HEADER) + data)
    with contextlib.suppress(SegmentError):
        _scan(data)


def _scan(content: bytes) -> None:
    folder = _folder()
    segment_path(folder, 1).unlink(missing_ok=True)  # a file that is cut and written again is flushed to disk
    segment_path(folder, 1).write_bytes(content)
    with Segment(folder, 1) as segment:
        covered = 4096
        for found in scan(segment, 4096, known_end=len(content), whole=True, beyond=True):
            if isinstance(found, Damage):
                assert found.start >= covered
                covered = found.end
                continue
            assert found.position.offset >= covered
            covered = found.position.offset + found.position.length
            with contextlib.suppress(RecordError, JournalError):
                evidence = segment.evidence(found.position.offset, found.header)
                decode_record(segment.fields(found.position.offset, found.header), evidence)
            assert sum(map(len, segment.body(found.position.offset, found.header))) <= len(content)


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lienthong-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
