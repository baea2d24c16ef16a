"""A full reading of a journal says what it holds and what it lost."""

import asyncio
from pathlib import Path

from tests.fakes.log_records import log_record

from lienthong.exchange.adapters.journal import Journal
from lienthong.exchange.adapters.journal_check import check_journal
from lienthong.exchange.adapters.journal_reader import Damage, DamageKind, JournalReader


def test_an_empty_folder_is_sound(tmp_path: Path) -> None:
    report = check_journal(tmp_path)
    assert (report.segments, report.records, report.is_sound) == (0, 0, True)


def test_a_running_journal_is_sound(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0) as journal:
            await journal.append(log_record("a"))
            report = check_journal(tmp_path)
            assert (report.segments, report.records, report.damage) == (1, 1, ())

    asyncio.run(run())


def test_a_record_of_a_later_version_is_unreadable_but_stops_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        async with Journal(tmp_path, worker=0) as journal:
            await journal.append_encoded(b"\x63fields of version 99")
            await journal.append(log_record("a"))

    asyncio.run(run())
    report = check_journal(tmp_path)
    assert [stretch.kind for stretch in report.damage] == [DamageKind.UNREADABLE]
    assert not report.is_sound
    found = list(JournalReader(tmp_path).follow(0, 4096))
    assert [isinstance(item, Damage) for item in found] == [True, False]
