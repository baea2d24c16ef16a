"""Runs a security server whose clock is wrong: ``python -m lienthong.nation.skewed_clock --data DIR --ahead SECONDS``.

Everything but the clock is what ``lienthong security serve`` runs.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.processes import REAL, run_server


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ahead", type=int, required=True, metavar="SECONDS")
    args = parser.parse_args()
    ahead = timedelta(seconds=args.ahead)
    run_server(DataPaths(args.data), replace(REAL, clock=lambda: REAL.clock() + ahead))


if __name__ == "__main__":
    main()
