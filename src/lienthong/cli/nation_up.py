"""``lienthong nation up``: boot a small country on this machine; it runs until Ctrl-C, or on and on with ``--detach``.

Exit code 0: it ran; 1: it did not come up (130: it was interrupted before), and nothing is left running; 2: the folder
holds something else, or a country that runs.
"""

from __future__ import annotations

import argparse
import json
import signal
from contextlib import suppress

from lienthong.cli.nation_country import add_day_argument, add_folder_argument, booted, complain
from lienthong.cli.nation_telling import Teller
from lienthong.nation.errors import NationError

_TEXTS = {
    "vi": {
        "boot": "Khởi động một đất nước nhỏ trong {folder}:",
        "up": "Đất nước đang chạy; nhấn Ctrl-C để dừng.",
        "left": "Đất nước đang chạy; `lienthong nation down` để dừng.",
        "stopped": "Mọi tiến trình đã dừng.",
    },
    "en": {
        "boot": "Booting a small country in {folder}:",
        "up": "The country is up; Ctrl-C stops it.",
        "left": "The country is up; `lienthong nation down` stops it.",
        "stopped": "Everything has stopped.",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_argument(parser)
    add_day_argument(parser)
    parser.add_argument("--detach", action="store_true", help="return once it is up, and leave it running")


def run(args: argparse.Namespace) -> int:
    """Boot the country and keep it."""
    texts, teller = _TEXTS[args.lang], Teller(color=args.color, silent=args.json)
    teller.say(texts["boot"].format(folder=args.folder))
    try:
        _keep(args, teller)
    except (NationError, OSError) as exc:
        return complain(args, exc, up=False)
    return 0


def _keep(args: argparse.Namespace, teller: Teller) -> None:
    texts = _TEXTS[args.lang]
    with booted(args, lambda name, seconds: teller.tell("held", name, seconds=seconds)) as (plan, launcher):
        if args.json:
            servers = {server.name: plan.systems_url(server) for server in plan.country.servers}
            told = {"up": True, "folder": str(plan.folder), "as_of": plan.as_of.isoformat(), "servers": servers}
            print(json.dumps(told, ensure_ascii=False), flush=True)
        if args.detach:
            launcher.leave()
            teller.say(texts["left"])
            return
        teller.say(texts["up"])
        with suppress(KeyboardInterrupt):
            while True:
                signal.pause()
    teller.say(texts["stopped"])
