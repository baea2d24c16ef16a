"""``lienthong central anchor``: write the anchor that makes clients believe this central server."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.adapters.durable_files import write_whole
from lienthong.exchange.central.registry import KINDS
from lienthong.exchange.central.service import CentralService
from lienthong.exchange.globalconf.anchor import anchor_file_name, anchor_fingerprint


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("kind", choices=KINDS, help="internal: own servers; external: federated instances")
    add_folder_arguments(parser)
    parser.add_argument("--output", type=Path, metavar="FILE", help="where to write (default: X-Road's name, here)")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""

    def act(service: CentralService) -> Answer:
        data = service.anchor(args.kind)
        instance = service.database.registry().instance
        path = args.output or Path(anchor_file_name(instance, args.kind, datetime.now(UTC)))
        write_whole(path, data)
        values = {"file": str(path), "sha224": anchor_fingerprint(data)}
        return values, [str(path), f"SHA-224 {values['sha224']}"]

    return carry_out(args, act)
