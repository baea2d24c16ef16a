"""Asks an authority's registration desk, as its officer: for ``authority certify|revoke`` and ``security key enroll``.

The officer's secret comes from a file. Exit code 0: done; 1: refused or unreachable.
"""

from __future__ import annotations

import argparse
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

TIMEOUT_S = 30


class DeskError(Exception):
    """The desk refused, or cannot be reached; the text says which."""


def add_desk_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments that all these commands share."""
    parser.add_argument("--server", required=True, metavar="URL", help="the authority, such as http://127.0.0.1:8888")
    parser.add_argument("--token-file", type=Path, required=True, metavar="FILE", help="holds the officer's secret")


def certify(args: argparse.Namespace, profile: str, request: bytes) -> bytes:
    """Have a PEM request certified by *profile*: the certificate, PEM; raises DeskError, OSError."""
    return str(
        ask(args, "/certificates", {"profile": profile, "request": request.decode("ascii")})["certificate"]
    ).encode()


def ask(args: argparse.Namespace, path: str, asked: Mapping[str, object]) -> Mapping[str, object]:
    """POST to the desk; raises DeskError, and OSError for an unreadable file with the secret."""
    if not args.server.startswith(("http://", "https://")):
        raise DeskError(f"{args.server}: not an http or https URL")
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
        text = exc.read().decode("utf-8", "replace")
        raise DeskError(f"{args.server} refused ({exc.code}): {text}") from exc
    except OSError as exc:
        raise DeskError(f"{args.server}: {exc}") from exc


def _secret(path: Path) -> str:
    return path.read_text("utf-8").strip()
