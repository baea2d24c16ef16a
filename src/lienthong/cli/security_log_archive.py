"""``lienthong security log archive``: moves old segments of the journals into archives, or checks the archives.

Meant for a timer: it does nothing twice and may be killed at any time. A segment that cannot go says why.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lienthong.exchange.adapters.log_archive import LogArchive, Outcome
from lienthong.exchange.adapters.log_archive_files import ARCHIVE_FOLDER, archives_in, check_archive
from lienthong.exchange.adapters.log_index import LogIndex
from lienthong.exchange.adapters.log_index_choice import JOURNAL_FOLDER
from lienthong.exchange.messagelog.archive import ArchiveError, ChainEnd
from lienthong.exchange.messagelog.entries import MessageIndex
from lienthong.exchange.serverconf.settings import LogSettings

Told = tuple[Mapping[str, object], bool]
"""What to tell of an archive or a segment, and whether all is well with it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of this part of the command."""
    parser.add_argument(
        "--older-than", type=int, metavar="DAYS", help="instead of the setting log.archive_after_s; at least 1"
    )
    parser.add_argument("--verify", action="store_true", help="read every archive and compare it with its chain")


def archive_log(args: argparse.Namespace, log: LogSettings, index: MessageIndex) -> Iterator[Told]:
    """Archive what is old enough; raises ArchiveError, JournalError, OSError, and ValueError without a period."""
    after = log.archive_after if args.older_than is None else timedelta(days=args.older_than)
    if after <= timedelta(0):
        raise ValueError("how old a record must be is not set: log.archive_after_s, or --older-than DAYS")
    if not isinstance(index, LogIndex):
        raise ValueError("only journals are archived; PostgreSQL as the log of record has its own backup")
    archive = LogArchive(args.data / ARCHIVE_FOLDER, args.data / JOURNAL_FOLDER, index)
    for outcome in archive.take(before=datetime.now(UTC) - after):
        yield _outcome(outcome), not outcome.kept


def verify_archives(folder: Path) -> Iterator[Told]:
    """Read every archive; each must be sound and go on where another one ended, unless that was moved away."""
    ends: set[ChainEnd] = {ChainEnd()}
    found = []
    for path in archives_in(folder):
        try:
            info = check_archive(path)
        except ArchiveError as exc:
            yield {"archive": path.name, "sound": False, "problem": str(exc)}, False
            continue
        ends.add(ChainEnd(digest=info.digest, archive=path.name))
        found.append((path, info))
    for path, info in found:
        before = info.previous
        is_broken = before not in ends and (folder / before.archive).exists()
        told = {"archive": path.name, "records": len(info.chained), "sound": not is_broken}
        yield {**told, "previous": before.archive or None, "previous_is_here": before in ends}, not is_broken


def _outcome(outcome: Outcome) -> Mapping[str, object]:
    where = {"worker": outcome.worker, "segment": outcome.segment}
    if outcome.kept:
        return {**where, "kept": outcome.kept}
    return {**where, "records": outcome.records, "archive": outcome.archive or None}
