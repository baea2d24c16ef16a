"""Orders to a running security server: refresh its configuration or OCSP answers, timestamp now, tell its status.

Exit code 0: done; 1: tried and failed, or no server runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments that all orders share."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data folder of the running server")
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def carry_out(args: argparse.Namespace, what: str) -> int:
    """Give one order, print the outcome and return the exit code."""
    from lienthong.exchange.errors import ExchangeError
    from lienthong.exchange.security.orders import give_order
    from lienthong.exchange.security.paths import DataPaths

    try:
        outcome = asyncio.run(give_order(DataPaths(args.data).control, what))
    except ExchangeError as exc:
        if args.json:
            print(json.dumps({"error": str(exc)}, ensure_ascii=False))
        else:
            print(exc, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"done": outcome.done, "text": outcome.text, **outcome.facts}, ensure_ascii=False))
    else:
        print(outcome.text, *(f"{name}: {value}" for name, value in outcome.facts.items()), sep="\n")
    return 0 if outcome.done else 1
