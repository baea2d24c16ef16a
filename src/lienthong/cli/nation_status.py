"""``lienthong nation status``: which processes of the country run, and whether each is healthy.

Exit code 0: all are; 1: some are not; 2: the folder holds no country.
"""

from __future__ import annotations

import argparse
import json

from lienthong.cli.nation_country import add_folder_argument, complain
from lienthong.cli.nation_telling import columns
from lienthong.nation.errors import FolderError

_STATES = {
    "vi": {"healthy": "hoạt động tốt", "unwell": "đang chạy nhưng chưa tốt", "down": "không chạy"},
    "en": {"healthy": "healthy", "unwell": "runs, not healthy", "down": "does not run"},
}
_HEADING = {
    "vi": "Đất nước ngày {day} trong {folder}: {asking} hỏi {answering}",
    "en": "The country of {day} in {folder}: the {asking} asks the {answering}",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Look at every process."""
    from lienthong.nation.launcher import Launcher
    from lienthong.nation.plan import load_country
    from lienthong.nation.statuses import look_at
    from lienthong.systems.vocabulary.bilingual import Language

    try:
        plan = load_country(args.folder.resolve())
    except FolderError as exc:
        return complain(args, exc)
    found = look_at(plan, Launcher(plan.folder))
    if args.json:
        rows = [{"name": s.name, "state": s.state, "processes": list(s.pids), "url": s.url} for s in found]
        print(json.dumps({"folder": str(plan.folder), "as_of": plan.as_of.isoformat(), "processes": rows}))
    else:
        language, country = Language(args.lang), plan.country
        names = {"asking": country.asking.name.to(language), "answering": country.answering.name.to(language)}
        print(_HEADING[args.lang].format(day=plan.as_of.isoformat(), folder=args.folder, **names))
        print(*(f"  {row}" for row in columns([(s.name, _STATES[args.lang][s.state], s.url) for s in found])), sep="\n")
    return 0 if all(status.state == "healthy" for status in found) else 1
