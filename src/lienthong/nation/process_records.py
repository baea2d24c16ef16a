"""Which processes belong to a country, kept on disk: they are found again even after their launcher was killed.

Every process leads a session of its own and works in the country's folder. A number alone proves nothing, because
numbers are used again; a number with its start time since the machine's boot does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lienthong.exchange.adapters.durable_files import write_whole

RECORDS_FILE = "processes.json"
_PROC = Path("/proc")


class ProcessRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A process that was started."""

    name: str
    """Of its plan."""
    pid: int
    """Its number; its session and process group have the same."""
    started: int
    """When it started, in clock ticks since the machine's boot. Source: proc(5), ``/proc/pid/stat`` field 22."""


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept."""

    boot: str
    """Id of the machine's boot; after another one nothing of this runs."""
    launcher: ProcessRecord | None = None
    """Who started them and stops them, while it runs."""
    processes: tuple[ProcessRecord, ...] = ()
    """In the order of starting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A process as the system shows it."""

    pid: int
    session: int
    started: int
    is_over: bool
    """Ended, and not yet waited for by its parent."""


def boot_id() -> str:
    """Id of the machine's present boot; empty where the system tells none."""
    with suppress(OSError):
        return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""


def read_records(folder: Path) -> Records:
    """The records of a country; empty where nothing runs, or ran before the machine was booted again."""
    try:
        records = msgspec.json.decode((folder / RECORDS_FILE).read_bytes(), type=Records)
    except (OSError, msgspec.DecodeError):
        return Records(boot=boot_id())
    return records if records.boot == boot_id() else Records(boot=boot_id())


def write_records(folder: Path, records: Records) -> None:
    """Keep the records as a whole; empty ones leave no file."""
    if records.launcher is None and not records.processes:
        (folder / RECORDS_FILE).unlink(missing_ok=True)
    else:
        write_whole(folder / RECORDS_FILE, msgspec.json.encode(records))


def is_up(folder: Path) -> bool:
    """Whether anything of a country runs, its launcher included."""
    records = read_records(folder)
    launcher = records.launcher is not None and is_alive(records.launcher)
    return launcher or any(members(record, folder) for record in records.processes)


def record_of(name: str, pid: int) -> ProcessRecord | None:
    """The record of a running process; None when it has ended already."""
    seen = _see(pid)
    return None if seen is None else ProcessRecord(name=name, pid=pid, started=seen.started)


def is_alive(record: ProcessRecord) -> bool:
    """Whether the very process of the record runs."""
    seen = _see(record.pid)
    return seen is not None and seen.started == record.started and not seen.is_over


def members(record: ProcessRecord, folder: Path) -> list[int]:
    """The process of the record and all that it forked, as far as they run; works without the process itself."""
    leader = _see(record.pid)
    if leader is not None and leader.started != record.started:
        return []
    found = (seen for seen in _everything() if seen.session == record.pid and seen.started >= record.started)
    return [seen.pid for seen in found if not seen.is_over and _works_in(seen.pid, folder)]


def _everything() -> Iterator[_Seen]:
    for entry in _PROC.iterdir():
        seen = _see(int(entry.name)) if entry.name.isdigit() else None
        if seen is not None:
            yield seen


def _see(pid: int) -> _Seen | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return _Seen(pid=pid, session=int(fields[3]), started=int(fields[19]), is_over=fields[0] in {"Z", "X"})


def _works_in(pid: int, folder: Path) -> bool:
    with suppress(OSError):
        return (_PROC / str(pid) / "cwd").readlink() == folder
    return False
