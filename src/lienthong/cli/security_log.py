"""``lienthong security log``: list, export, check and archive the message log of a security server.

``list`` prints entries, ``dump`` writes a message's containers, ``check`` reads every byte, ``archive`` moves old
segments into archives. Exit code 0: done; 1: nothing found, something is corrupt, or something old cannot go into an
archive; 2: the log cannot be opened, or the command is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from lienthong.cli import security_log_archive
from lienthong.exchange.adapters.journal_check import JournalReport, check_journal
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.adapters.log_archive_files import ARCHIVE_FOLDER, export_entry
from lienthong.exchange.adapters.log_index import LogIndex, worker_folder, worker_numbers
from lienthong.exchange.adapters.log_index_choice import JOURNAL_FOLDER, open_index
from lienthong.exchange.identifiers import IdentifierError, SecurityServerId, parse_client, parse_service
from lienthong.exchange.messagelog.archive import ArchiveError
from lienthong.exchange.messagelog.entries import Cursor, LogEntry, LogQuery, MessageIndex
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import APPLIED_SETTINGS, LogEngine, LogSettings

HELP = "list, export, check and archive the message log of a security server"
_PAGE = 1000
_EXAMPLES = """examples:
  lienthong security log list --client VN/GOV/H10/onestop --from 2026-01-01 --jsonl
  lienthong security log dump 7f3c... --out evidence/
  lienthong security log check
  lienthong security log archive --older-than 30"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command and its three parts."""
    parser.epilog = _EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="log_command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="print entries, newest first")
    listing.add_argument("--client", metavar="ID", help="consumer: INSTANCE/CLASS/CODE[/SUBSYSTEM]")
    listing.add_argument("--service", metavar="ID", help="INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE[/VERSION]")
    listing.add_argument("--message-id", metavar="ID", help="X-Road-Id")
    listing.add_argument(
        "--from", dest="since", metavar="TIME", help="ISO 8601, inclusive; UTC unless it says otherwise"
    )
    listing.add_argument("--until", metavar="TIME", help="ISO 8601, exclusive")
    listing.add_argument("--officer", metavar="ID", help="who asked (X-Road-UserId)")
    listing.add_argument("--purpose", metavar="TEXT", help="dossier or legal basis (X-Road-Issue)")
    listing.add_argument("--limit", type=int, default=100, help="at most this many entries (100)")
    dump = commands.add_parser("dump", help="write the containers (.asice) of a message")
    dump.add_argument("message_id", metavar="MESSAGE_ID")
    dump.add_argument("--out", type=Path, default=Path(), metavar="DIR", help="folder to write to (.)")
    check = commands.add_parser("check", help="read every byte; exit code 1 when anything is corrupt")
    archive = commands.add_parser("archive", help="move segments whose records are all old into archives")
    security_log_archive.add_arguments(archive)
    for command in (listing, dump, check, archive):
        command.add_argument("--data", type=Path, default=Path(), metavar="DIR", help="data folder of the server (.)")
        command.add_argument("--jsonl", action="store_true", help="one JSON object per line")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    commands = {"list": _list, "dump": _dump, "check": _check, "archive": _archive}
    try:
        return commands[args.log_command](args)
    except (JournalError, ArchiveError, InvalidSettingsError, IdentifierError, ValueError, OSError) as exc:
        sys.stderr.write(f"lienthong security log: {exc}\n")
        return 2


def _settings(data: Path) -> tuple[LogSettings, SecurityServerId | None]:
    path = data / APPLIED_SETTINGS
    if not path.exists() and (data / JOURNAL_FOLDER).is_dir():
        return LogSettings(), None  # journals can be read without the server they came from
    settings = parse_settings(path.read_text("utf-8"), file=path, data=data)
    return settings.log, settings.id


@contextmanager
def _opened(args: argparse.Namespace) -> Iterator[MessageIndex]:
    log, server = _settings(args.data)
    with open_index(log, data=args.data, server=server) as index:
        if isinstance(index, LogIndex):
            index.update()
        yield index


def _list(args: argparse.Namespace) -> int:
    query = LogQuery(
        message_id=args.message_id,
        client=parse_client(args.client) if args.client else None,
        service=parse_service(args.service) if args.service else None,
        from_ms=_instant(args.since),
        until_ms=_instant(args.until),
        user_id=args.officer,
        issue=args.purpose,
    )
    found = 0
    with _opened(args) as index:
        for entry in islice(_entries(index, query), max(args.limit, 0)):
            found += 1
            _tell(_entry_fields(entry), as_json=args.jsonl)
    return 0 if found else 1


def _entries(index: MessageIndex, query: LogQuery) -> Iterator[LogEntry]:
    after: Cursor | None = None
    while page := index.search(query, after=after, limit=_PAGE):
        yield from page
        after = (page[-1].time_ms, page[-1].number)


def _dump(args: argparse.Namespace) -> int:
    args.out.mkdir(parents=True, exist_ok=True)
    with _opened(args) as index:
        entries = index.search(LogQuery(message_id=args.message_id), limit=_PAGE)
        for entry in entries:
            exported = export_entry(index, entry, archives=args.data / ARCHIVE_FOLDER)
            path = args.out / exported.name
            path.write_bytes(exported.data)
            _tell({"file": str(path), "timestamped": entry.timestamp is not None}, as_json=args.jsonl)
    if not entries:
        sys.stderr.write("lienthong security log: no such message in the log\n")
    return 0 if entries else 1


def _check(args: argparse.Namespace) -> int:
    log, _ = _settings(args.data)
    if log.engine is LogEngine.POSTGRES:
        with _opened(args) as index:
            return _check_index(index, as_json=args.jsonl)
    journals = args.data / JOURNAL_FOLDER
    reports = {worker: check_journal(worker_folder(journals, worker)) for worker in worker_numbers(journals)}
    for worker, report in reports.items():
        _tell_report(worker, report, as_json=args.jsonl)
    return 0 if all(report.is_sound for report in reports.values()) else 1


def _archive(args: argparse.Namespace) -> int:
    if args.verify:
        return _tell_all(security_log_archive.verify_archives(args.data / ARCHIVE_FOLDER), as_json=args.jsonl)
    log, _ = _settings(args.data)
    with _opened(args) as index:
        return _tell_all(security_log_archive.archive_log(args, log, index), as_json=args.jsonl)


def _tell_all(told: Iterator[security_log_archive.Told], *, as_json: bool) -> int:
    code = 0
    for fields, is_well in told:
        _tell(fields, as_json=as_json)
        code = code if is_well else 1
    return code


def _check_index(index: MessageIndex, *, as_json: bool) -> int:
    records = unreadable = 0
    for entry in _entries(index, LogQuery()):
        records += 1
        try:
            index.read(entry)
        except JournalError:
            unreadable += 1
            _tell({"record": entry.number, "damage": "unreadable"}, as_json=as_json)
    _tell({"records": records, "sound": not unreadable}, as_json=as_json)
    return 1 if unreadable else 0


def _tell_report(worker: int, report: JournalReport, *, as_json: bool) -> None:
    for damage in report.damage:
        fields = {"worker": worker, "segment": damage.segment, "start": damage.start, "end": damage.end}
        _tell({**fields, "damage": damage.kind.value}, as_json=as_json)
    summary = {"worker": worker, "segments": report.segments, "records": report.records, "sound": report.is_sound}
    _tell(summary, as_json=as_json)


def _entry_fields(entry: LogEntry) -> dict[str, object]:
    return {
        "time": datetime.fromtimestamp(entry.time_ms / 1000, tz=UTC).isoformat(timespec="milliseconds"),
        "number": entry.number,
        "message_id": entry.message_id,
        "request_id": entry.x_request_id,
        "side": entry.side.value,
        "kind": "response" if entry.is_response else "request",
        "client": "/".join(entry.client.parts),
        "service": "/".join(entry.service.parts),
        "officer": entry.user_id,
        "purpose": entry.issue,
        "timestamped": entry.timestamp is not None,
    }


def _tell(fields: Mapping[str, object], *, as_json: bool) -> None:
    if as_json:
        line = json.dumps(fields, ensure_ascii=False)
    else:
        line = "  ".join(f"{name}={value}" for name, value in fields.items() if value is not None)
    sys.stdout.write(f"{line}\n")


def _instant(text: str | None) -> int | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
