"""``lienthong central apply``: check a declaration of an instance, show what it changes, put it in place.

Applying the same file twice changes nothing. Exit code 0: valid (and applied, unless ``--dry-run``); 1: not.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.service import CentralService

_NOTHING = {"vi": "không có gì thay đổi", "en": "nothing changes"}
_WOULD = {"vi": "{} thay đổi sẽ được áp dụng", "en": "{} change(s) would be applied"}
_DONE = {"vi": "đã áp dụng {} thay đổi", "en": "{} change(s) applied"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="declaration (TOML)")
    add_folder_arguments(parser)
    parser.add_argument("--dry-run", action="store_true", help="check and show, change nothing")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    lang = getattr(args, "lang", "en")

    def act(service: CentralService) -> Answer:
        planned = service.apply(args.file, is_dry_run=True)
        if not args.json:
            for change in planned:
                print(change)
        changes = planned if args.dry_run else service.apply(args.file, is_dry_run=False)
        values = {
            "dry_run": args.dry_run,
            "applied": bool(changes) and not args.dry_run,
            "changes": [asdict(change) for change in changes],
        }
        summary = (_WOULD if args.dry_run else _DONE)[lang].format(len(changes)) if changes else _NOTHING[lang]
        return values, [summary]

    return carry_out(args, act)
