"""``lienthong authority certify | revoke``: ask an authority's registration desk, as its officer.

The officer's secret comes from a file. Exit code 0: done; 1: refused or unreachable.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

TIMEOUT_S = 30


def add_desk_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments that both commands share."""
    parser.add_argument("--server", required=True, metavar="URL", help="the authority, such as http://127.0.0.1:8888")
    parser.add_argument("--token-file", type=Path, required=True, metavar="FILE", help="holds the officer's secret")


def ask(args: argparse.Namespace, path: str, asked: Mapping[str, object]) -> Mapping[str, object] | None:
    """POST to the desk; None after telling why it was refused."""
    if not args.server.startswith(("http://", "https://")):
        print(f"{args.server}: not an http or https URL", file=sys.stderr)
        return None
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        f"{args.server}{path}",
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {_secret(args.token_file)}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            found: Mapping[str, object] = json.load(answer)
            return found
    except urllib.error.HTTPError as exc:
        print(f"{args.server} refused ({exc.code}): {exc.read().decode('utf-8', 'replace')}", file=sys.stderr)
    except OSError as exc:
        print(f"{args.server}: {exc}", file=sys.stderr)
    return None


def _secret(path: Path) -> str:
    return path.read_text("utf-8").strip()
