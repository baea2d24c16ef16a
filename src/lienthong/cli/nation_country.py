"""What the commands of a nation share: the country's folder, booting it, and stopping it whatever happens."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lienthong.nation.errors import FolderError

if TYPE_CHECKING:
    from lienthong.nation.launcher import Launcher
    from lienthong.nation.plan import CountryPlan

DEFAULT_FOLDER = Path("nation-data")


def add_folder_argument(parser: argparse.ArgumentParser) -> None:
    """Where the country is, and whether the answer is JSON."""
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, metavar="DIR", help="of the country's data")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def add_day_argument(parser: argparse.ArgumentParser) -> None:
    """Which country to boot."""
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DATE",
        help="the day the country lives in, such as 2020-08-31; today without it",
    )


def complain(args: argparse.Namespace, error: Exception, **facts: object) -> int:
    """Tell what went wrong, as the answer is wanted; the exit code: 2 for a folder that will not do, else 1."""
    if args.json:
        print(json.dumps({**facts, "error": str(error)}, ensure_ascii=False))
    else:
        print(error, file=sys.stderr)
    return 2 if isinstance(error, FolderError) else 1


@contextmanager
def booted(args: argparse.Namespace, tell: Callable[[str, float], None]) -> Iterator[tuple[CountryPlan, Launcher]]:
    """A country that runs until the block is left; *tell* hears each process that is ready and after how long.

    Raises:
        FolderError, LaunchError, CommandError: it could not be booted; nothing is left running.
        KeyboardInterrupt: somebody asked it to stop.
    """
    from lienthong.nation.launcher import Launcher, claimed_network
    from lienthong.nation.plan import CountryPlan, found_country
    from lienthong.nation.process_records import is_up
    from lienthong.nation.provision import boot

    for wanted in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, signal.default_int_handler)
    folder = args.folder.resolve()
    if is_up(folder):
        raise FolderError(f"{folder}: a country runs there; `lienthong nation down` stops it")
    day = args.as_of or date.today()  # noqa: DTZ011 - the reader's own day
    launcher, begun = Launcher(folder), time.perf_counter()
    try:
        with claimed_network() as network:
            plan = CountryPlan(folder=folder, network=network, as_of=day)
            found_country(plan)
            launcher.take_over()
            boot(plan, launcher, lambda name: tell(name, time.perf_counter() - begun))
        yield plan, launcher
    finally:
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wanted, signal.SIG_IGN)  # stopping is not to be stopped
        if launcher.is_mine():
            launcher.stop_all()
