"""``lienthong authority serve``: run a CA with OCSP responder, TSA and CRL; founded at the first start."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("config", type=Path, metavar="FILE", help="configuration (TOML, table [authority])")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped; 1 when it cannot start."""
    from lienthong.cli.event_log import write_events
    from lienthong.trust.authority.compose import serve
    from lienthong.trust.errors import TrustError

    write_events()
    try:
        asyncio.run(serve(args.config))
    except (TrustError, OSError) as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0
