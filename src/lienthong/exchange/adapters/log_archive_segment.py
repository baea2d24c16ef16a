"""A closed segment of a journal as the archive sees it: which records it holds, whose it is, and how it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from lienthong.exchange.adapters.journal_bodies import BODY_SUFFIX
from lienthong.exchange.adapters.journal_reader import Damage, Frame, JournalReader, Segment, scan, segment_path
from lienthong.exchange.messagelog.archive import ArchiveError
from lienthong.exchange.messagelog.entries import Position
from lienthong.exchange.messagelog.frames import PAGE, SegmentError
from lienthong.exchange.messagelog.record import Outline

_NAME_BYTES = 16
"""With which the reference to a body file begins."""


class StoredRecord(NamedTuple):
    """A record of a segment."""

    position: Position
    outline: Outline


class OldSegment:
    """A segment that another one follows, so that nothing is written to it any more."""

    def __init__(self, folder: Path, sequence: int) -> None:
        """Raises ArchiveError when its header cannot be read."""
        self._folder, self._sequence = folder, sequence
        try:
            with Segment(folder, sequence) as segment:
                self.salt = segment.header.salt
                """Random: another journal that begins at 1 again is not taken for this one."""
                self.begun_ms = segment.header.created_ms
                """When it was begun."""
        except (SegmentError, OSError) as exc:
            raise ArchiveError(f"the segment cannot be read ({type(exc).__name__})") from exc

    def records(self) -> list[StoredRecord]:
        """Every acknowledged record, in order; raises ArchiveError when one is damaged."""
        found = []
        for item in takewhile(self._is_here, JournalReader(self._folder).follow(self._sequence, PAGE)):
            if isinstance(item, Damage):
                raise ArchiveError(f"the segment is damaged at offset {item.start}: {item.kind.value}")
            found.append(StoredRecord(*item))
        return found

    def remove(self, remove: Callable[[Path], None]) -> None:
        """Let *remove* take the files of large bodies away, then the segment that names them."""
        for body in self._body_files():
            remove(body)
        remove(segment_path(self._folder, self._sequence))

    def _is_here(self, item: tuple[Position, Outline] | Damage) -> bool:
        return (item.segment if isinstance(item, Damage) else item[0].segment) == self._sequence

    def _body_files(self) -> Iterator[Path]:
        end = JournalReader(self._folder).durable_end(self._sequence)
        with Segment(self._folder, self._sequence) as segment:
            for found in scan(segment, PAGE, known_end=end, whole=False, beyond=False):
                if isinstance(found, Frame) and found.header.is_external:
                    reference = b"".join(segment.body(found.position.offset, found.header))
                    yield self._folder / (reference[:_NAME_BYTES].hex() + BODY_SUFFIX)
