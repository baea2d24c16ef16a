"""``lienthong nation down``: stop every process of the country, also when what started them is gone.

Processes are found by the records in the country's folder, and only those whose start time is the recorded one are
touched. Exit code 0: nothing runs any more; 2: the folder holds no country.
"""

from __future__ import annotations

import argparse
import json
import shutil

from lienthong.cli.nation_country import add_folder_argument, complain
from lienthong.nation.errors import FolderError

_STOPPED = {"vi": "đã dừng {count} tiến trình; không còn gì chạy", "en": "{count} processes stopped; nothing runs"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_argument(parser)
    parser.add_argument("--remove", action="store_true", help="remove the country's data as well")


def run(args: argparse.Namespace) -> int:
    """Stop the country."""
    from lienthong.nation.launcher import Launcher
    from lienthong.nation.plan import load_country

    folder = args.folder.resolve()
    try:
        load_country(folder)
    except FolderError as exc:
        return complain(args, exc)
    count = Launcher(folder).bring_down()
    if args.remove:
        shutil.rmtree(folder)
    stopped = _STOPPED[args.lang].format(count=count)
    print(json.dumps({"stopped": count, "removed": args.remove}) if args.json else stopped)
    return 0
