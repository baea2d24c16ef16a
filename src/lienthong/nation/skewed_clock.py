"""Runs a security server whose clock is wrong: ``python -m lienthong.nation.skewed_clock --data DIR --ahead SECONDS``.

Every process of a server asks the time in one place, ``security.worker.utc_now``; here that place is given a clock that
is ahead. Everything else is what ``lienthong security serve`` runs.
"""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace

from lienthong.exchange.security import worker
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.processes import run_server


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ahead", type=int, required=True, metavar="SECONDS")
    args = parser.parse_args()
    ahead = timedelta(seconds=args.ahead)

    def now(zone: tzinfo) -> datetime:
        return datetime.now(zone) + ahead

    vars(worker)["datetime"] = SimpleNamespace(now=now)
    run_server(DataPaths(args.data))


if __name__ == "__main__":
    main()
