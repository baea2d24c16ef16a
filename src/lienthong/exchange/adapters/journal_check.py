"""Reads every byte of a journal and says what is damaged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lienthong.exchange.adapters.journal_bodies import read_large_body
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_reader import (
    Damage,
    DamageKind,
    Frame,
    JournalReader,
    Segment,
    scan,
    segment_numbers,
)
from lienthong.exchange.messagelog.frames import PAGE, SegmentError
from lienthong.exchange.messagelog.record import RecordError, decode_record


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalReport:
    """What a full reading of one journal found."""

    segments: int
    records: int
    damage: tuple[Damage, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing acknowledged is lost; a torn tail was never acknowledged."""
        return all(stretch.kind is DamageKind.TORN_TAIL for stretch in self.damage)


def check_journal(folder: Path) -> JournalReport:
    """Read the journal in *folder*, bodies included; a running worker may go on writing."""
    reader = JournalReader(folder)
    numbers = segment_numbers(folder)
    damage: list[Damage] = []
    records = 0
    for before, number in zip([None, *numbers], numbers, strict=False):
        if before is not None and number != before + 1:
            damage.append(Damage(kind=DamageKind.MISSING, segment=before + 1, start=0, end=0))
        count, found = _check_segment(reader, number, is_last=number == numbers[-1])
        records += count
        damage += found
    return JournalReport(segments=len(numbers), records=records, damage=tuple(damage))


def _check_segment(reader: JournalReader, sequence: int, *, is_last: bool) -> tuple[int, list[Damage]]:
    end = reader.durable_end(sequence)
    damage: list[Damage] = []
    records = 0
    try:
        segment = Segment(reader.folder, sequence)
    except SegmentError:
        return 0, [Damage(kind=DamageKind.BAD_HEADER, segment=sequence, start=0, end=PAGE)]
    with segment:
        for found in scan(segment, PAGE, known_end=end, whole=True, beyond=is_last):
            match found:
                case Damage():
                    damage.append(found)
                case Frame():
                    records += 1
                    damage += _check_record(reader, segment, found)
    return records, damage


def _check_record(reader: JournalReader, segment: Segment, frame: Frame) -> list[Damage]:
    start, end = frame.position.offset, frame.position.offset + frame.position.length
    try:
        evidence = segment.evidence(start, frame.header)
    except JournalError:
        return [Damage(kind=DamageKind.CORRUPT, segment=segment.sequence, start=start, end=end)]
    try:
        decode_record(segment.fields(start, frame.header), evidence)
        if frame.header.is_external:
            for _ in read_large_body(reader.folder, b"".join(segment.body(start, frame.header))):
                pass
    except RecordError:
        return [Damage(kind=DamageKind.UNREADABLE, segment=segment.sequence, start=start, end=end)]
    except JournalError:
        return [Damage(kind=DamageKind.MISSING, segment=segment.sequence, start=start, end=end)]
    return []
