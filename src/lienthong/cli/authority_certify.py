"""``lienthong authority certify``: have a request certified by one of the authority's profiles."""

from __future__ import annotations

import argparse
from pathlib import Path

from lienthong.cli.answers import add_json_argument, error, refuse, tell
from lienthong.cli.authority_request import DeskError, add_desk_arguments, certify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("profile", metavar="PROFILE", help="such as SIGN, AUTHENTICATION or TLS_SERVER")
    parser.add_argument("request", type=Path, metavar="FILE", help="PKCS#10 request (PEM)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the certificate goes (default: shown)")
    add_desk_arguments(parser)
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        certificate = certify(args, args.profile, args.request.read_bytes())
    except (DeskError, OSError, UnicodeDecodeError) as exc:
        return refuse(args, error(str(exc)))
    text = certificate.decode("ascii")
    if args.output is None:
        return tell(args, ({"profile": args.profile, "certificate": text}, text.splitlines()))
    args.output.write_bytes(certificate)
    return tell(args, ({"profile": args.profile, "certificate": text, "output": str(args.output)}, []))
