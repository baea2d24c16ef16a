"""``lienthong nation story``: boot a small country on this machine and tell its story; it stays up until Ctrl-C."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from datetime import date
from pathlib import Path

_TEXTS = {
    "vi": {
        "boot": "Khởi động một đất nước nhỏ trong {folder} …",
        "ready": "sẵn sàng",
        "up": "Đất nước đang chạy; nhấn Ctrl-C để dừng. Hãy thử:",
        "failed": "Câu chuyện dừng lại: {cause}",
    },
    "en": {
        "boot": "Booting a small country in {folder} …",
        "ready": "ready",
        "up": "The country is up; Ctrl-C stops it. Try:",
        "failed": "The story stops: {cause}",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--story", choices=["plain", "once"], default="plain", help="once: stop after the last line")
    parser.add_argument("--folder", type=Path, default=Path("nation-data"), metavar="DIR", help="made anew each time")
    parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="the day the country lives in")


def run(args: argparse.Namespace) -> int:
    """Tell the story; 0 only if every line held."""
    from lienthong.exchange.errors import ExchangeError
    from lienthong.nation.commands import CommandError
    from lienthong.nation.launcher import Launcher, LaunchError, free_network
    from lienthong.nation.provision import CountryPlan, boot
    from lienthong.nation.story import Story, StoryError
    from lienthong.nation.topology import SERVERS, SYSTEMS_PORT

    texts = _TEXTS[args.lang]
    folder = args.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    as_of = args.as_of or date.today()  # noqa: DTZ011 - the reader's own day
    plan = CountryPlan(folder=folder, network=free_network(), as_of=as_of)
    launcher = Launcher(folder)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    begun = time.perf_counter()
    print(texts["boot"].format(folder=folder), flush=True)

    def show(name: str) -> None:
        print(f"  ✓ {name} {texts['ready']} ({time.perf_counter() - begun:.1f} s)", flush=True)

    try:
        boot(plan, launcher, show)
        Story(plan, lambda line: print(line, flush=True)).tell()
        if args.story == "plain":
            address = plan.network.address(SERVERS[0].host)
            command = f".venv/bin/lienthong exchange list --server http://{address}:{SYSTEMS_PORT}"
            print(f"{texts['up']}\n  {command}", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except (CommandError, LaunchError, StoryError, ExchangeError, OSError) as exc:
        print(texts["failed"].format(cause=exc), file=sys.stderr)
        return 1
    finally:
        launcher.stop_all()
    return 0
