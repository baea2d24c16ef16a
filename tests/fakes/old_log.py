"""The log of a server with one worker, and its archives: small segments, real signatures, real timestamps."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

from tests.fakes import pki
from tests.fakes.log_records import log_record
from tests.fakes.signing import MESSAGE, SHA512, Signer, signed, stamp

from lienthong.exchange.adapters.journal import Journal, JournalSettings
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.journal_segments import SegmentSizes
from lienthong.exchange.adapters.log_archive import LAST, ArchiveSteps, LogArchive, Outcome
from lienthong.exchange.adapters.log_archive_files import ARCHIVE_FOLDER, archives_in, check_archive, containers_of
from lienthong.exchange.adapters.log_database_sqlite import SqliteDatabase
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder
from lienthong.exchange.adapters.log_index_choice import INDEX_FILE, JOURNAL_FOLDER
from lienthong.exchange.messagelog.archive import ChainEnd
from lienthong.exchange.messagelog.entries import Body, LogQuery, StoredTimestamp
from lienthong.exchange.messagelog.record import BodyState
from lienthong.exchange.messagelog.timestamping import plan_batch
from lienthong.trust.xades import parse_signature

NOW_MS = int(pki.NOW.timestamp() * 1000)
LATER = pki.NOW + timedelta(days=1)
SMALL = JournalSettings(sizes=SegmentSizes(first=16 * 1024, largest=16 * 1024), inline_bytes=100)
BODY = b"x" * 500


class OldLog:
    """The log of a server with one worker, and its archives."""

    def __init__(self, folder: Path) -> None:
        self.journals, self.archives = folder / JOURNAL_FOLDER, folder / ARCHIVE_FOLDER
        self.journal = worker_folder(self.journals, 0)
        self.index = LogIndex(SqliteDatabase(folder / INDEX_FILE), self.journals)
        self.written = 0

    def write(self, count: int, *, time_ms: int = NOW_MS, indexed: bool = True) -> None:
        """Log messages, each with a signature of its own; the first has a body in a file of its own."""
        asyncio.run(self._write(count, time_ms))
        if indexed:
            self.index.update()

    async def _write(self, count: int, time_ms: int) -> None:
        async with Journal(self.journal, worker=0, settings=SMALL) as journal:
            for number in range(self.written, self.written + count):
                has_body = number % 4 == 0
                objects = [signed("/message.xml", MESSAGE), *([signed("/attachment1", BODY)] if has_body else [])]
                fields = {"message": MESSAGE, "signature": Signer().sign(*objects), "time_ms": time_ms + number}
                if has_body:
                    kept = {"body_size": 500, "body_digest": SHA512.digest(BODY), "body_state": BodyState.STORED}
                    body = Body(chunks=_pieces(BODY), kept_bytes=500)
                    await journal.append(log_record(f"m{number}", **fields, **kept), body=body)
                else:
                    await journal.append(log_record(f"m{number}", **fields))
        self.written += count

    def stamp(self, *, all_but: int = 0) -> None:
        """Timestamp what waits: the first alone, the others as one batch."""
        waiting = self.index.pending(limit=1000)[: self.written - all_but]
        alone, batch = waiting[0], waiting[1:]
        entry = self.index.entry(alone.number)
        assert entry is not None
        value = parse_signature(self.index.read(entry).signature).signature_value
        single = StoredTimestamp(token=stamp(value), hash_chain_result=None, gen_time_ms=NOW_MS)
        self.index.store_timestamp(single, {alone.number: None})
        plan = plan_batch(batch)
        many = StoredTimestamp(token=stamp(plan.data), hash_chain_result=plan.hash_chain_result, gen_time_ms=NOW_MS)
        self.index.store_timestamp(many, plan.hash_chains)

    def take(self, *, before: datetime = LATER, steps: ArchiveSteps | None = None) -> list[Outcome]:
        archive = LogArchive(self.archives, self.journals, self.index, steps=steps)
        return list(archive.take(before=before))

    def archived(self) -> list[str]:
        """Message ids in the archives."""
        return [name.partition("-")[0] for path in archives_in(self.archives) for name, _ in containers_of(path)]

    def kept(self) -> list[str]:
        """Message ids that the journal can still give."""
        kept = []
        for entry in self.index.search(LogQuery(), limit=1000):
            with contextlib.suppress(JournalError):
                kept.append(self.index.read(entry).message_id)
        return kept

    def require_chain(self) -> None:
        """Every archive is sound, and each but the first goes on where another ended."""
        ends = {info.digest: (path.name, info) for path in archives_in(self.archives) for info in [check_archive(path)]}
        befores = Counter(info.previous for _, info in ends.values())
        assert befores.pop(ChainEnd()) == 1
        assert befores == Counter(ChainEnd(digest=d, archive=name) for d, (name, _) in ends.items() if d != self.end())

    def end(self) -> str:
        found = re.search(rb'"digest":"([0-9a-f]+)"', (self.archives / LAST).read_bytes())
        assert found is not None
        return found[1].decode()


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data
