"""``lienthong security serve``: run a security server by the settings applied to its data folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data folder (see security apply)")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; 1 when it cannot start."""
    from lienthong.cli.event_log import write_events
    from lienthong.exchange.errors import ExchangeError
    from lienthong.exchange.security.paths import DataPaths
    from lienthong.exchange.security.processes import run_server

    write_events()
    try:
        run_server(DataPaths(args.data))
    except ExchangeError as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0
