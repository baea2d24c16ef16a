"""``lienthong security apply``: check a settings file, show what it changes, and make the server run by it.

Applying the same file twice changes nothing. Exit code 0: valid (and applied, unless ``--dry-run``); 1: invalid or
not applicable.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from lienthong.exchange.adapters.durable_files import write_whole
from lienthong.exchange.serverconf.difference import Change, difference
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import APPLIED_SETTINGS, PID_FILE, Settings

_TEXTS = {
    "vi": {
        "problems": "{count} lỗi; chưa áp dụng gì",
        "failed": "chưa áp dụng gì: {cause}",
        "same": "không có gì thay đổi",
        "dry": "{count} thay đổi sẽ được áp dụng vào {data}",
        "applied": "đã áp dụng {count} thay đổi vào {data}; {told}",
        "told": "đã báo cho tiến trình giám sát {pid}",
        "nobody": "không có tiến trình giám sát nào đang chạy",
    },
    "en": {
        "problems": "{count} problem(s); nothing was applied",
        "failed": "nothing was applied: {cause}",
        "same": "nothing changes",
        "dry": "{count} change(s) would be applied to {data}",
        "applied": "{count} change(s) applied to {data}; {told}",
        "told": "supervisor {pid} was told",
        "nobody": "no supervisor runs",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What ``security apply`` did."""

    file: str
    """The settings file."""
    data: str
    """The data folder."""
    changes: tuple[Change, ...]
    """What the file changes against the applied copy."""
    applied: bool
    """Whether the applied copy was written."""
    signalled: int | None
    """Process id of the supervisor that was told, ``None`` where none runs or nothing changed."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="settings file (TOML)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="data folder, instead of the one the file names")
    parser.add_argument("--dry-run", action="store_true", help="check and show, change nothing")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        outcome = apply_settings(args.file, data=args.data, is_dry_run=args.dry_run)
    except InvalidSettingsError as exc:
        _tell_problems(exc, args)
        return 1
    except (OSError, UnicodeDecodeError) as exc:
        _tell_failure(str(exc), args)
        return 1
    _tell_outcome(outcome, args)
    return 0


def apply_settings(file: Path, *, data: Path | None, is_dry_run: bool) -> Outcome:
    """Check *file*, write its applied copy and tell a running supervisor.

    Raises:
        InvalidSettingsError: with every problem of the file.
        OSError: a file cannot be read or written.
    """
    content = file.read_bytes()
    settings = parse_settings(content.decode("utf-8"), file=file, data=data)
    target = settings.data / APPLIED_SETTINGS
    previous = target.read_bytes() if target.exists() else None
    changes = tuple(difference(_read_applied(previous, target), settings))
    must_write = previous != content and not is_dry_run
    if must_write:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(target, content, mode=0o600)
    pid = find_supervisor(settings.data) if must_write and changes else None
    if pid is not None:
        os.kill(pid, signal.SIGHUP)
    return Outcome(file=str(file), data=str(settings.data), changes=changes, applied=must_write, signalled=pid)


def _read_applied(content: bytes | None, target: Path) -> Settings | None:
    """The settings applied before; ``None`` for none, or for a copy that this version no longer reads."""
    if content is None:
        return None
    try:
        return parse_settings(content.decode("utf-8"), file=target, data=target.parent)
    except (InvalidSettingsError, UnicodeDecodeError):
        return None


def find_supervisor(data: Path) -> int | None:
    """Process id of the supervisor running on *data*; ``None`` where none runs or the id was taken by another."""
    try:
        pid = int((data / PID_FILE).read_text(encoding="ascii"))
        os.kill(pid, 0)
    except (OSError, ValueError, OverflowError):
        return None
    return pid if pid > 1 and _is_ours(pid) else None


def _is_ours(pid: int) -> bool:
    """Whether the process looks like ours; true where the system cannot tell (no ``/proc``)."""
    if not Path("/proc/self/cmdline").exists():
        return True
    try:
        return b"lienthong" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _tell_problems(error: InvalidSettingsError, args: argparse.Namespace) -> None:
    problems = error.settings_problems
    if args.json:
        print(json.dumps({"ok": False, "problems": [asdict(p) for p in problems]}, ensure_ascii=False))
        return
    print(*problems, _TEXTS[args.lang]["problems"].format(count=len(problems)), sep="\n", file=sys.stderr)


def _tell_failure(cause: str, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps({"ok": False, "error": cause}, ensure_ascii=False))
    else:
        print(_TEXTS[args.lang]["failed"].format(cause=cause), file=sys.stderr)


def _tell_outcome(outcome: Outcome, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps({"ok": True, "dry_run": args.dry_run, **asdict(outcome)}, ensure_ascii=False))
        return
    print(*outcome.changes, _sum_up(outcome, _TEXTS[args.lang], is_dry_run=args.dry_run), sep="\n")


def _sum_up(outcome: Outcome, texts: dict[str, str], *, is_dry_run: bool) -> str:
    if not outcome.changes:
        return texts["same"]
    told = texts["told"].format(pid=outcome.signalled) if outcome.signalled else texts["nobody"]
    text = texts["dry" if is_dry_run else "applied"]
    return text.format(count=len(outcome.changes), data=outcome.data, told=told)
