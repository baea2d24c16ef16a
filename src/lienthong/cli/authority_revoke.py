"""``lienthong authority revoke``: revoke a certificate, by its file."""

from __future__ import annotations

import argparse
from pathlib import Path

from lienthong.cli.answers import add_json_argument, error, refuse, tell
from lienthong.cli.authority_request import DeskError, add_desk_arguments, ask


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("certificate", type=Path, metavar="FILE", help="certificate (PEM or DER)")
    parser.add_argument("--reason", default="unspecified", metavar="NAME", help="such as keyCompromise")
    add_desk_arguments(parser)
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    from lienthong.trust.certificates import Certificate
    from lienthong.trust.errors import TrustError

    try:
        certificate = Certificate.from_pem_or_der(args.certificate.read_bytes())
        ask(args, "/revocations", {"serial": f"{certificate.serial:x}", "reason": args.reason})
    except (DeskError, OSError, TrustError) as exc:
        return refuse(args, error(f"{args.certificate}: {exc}"))
    serial = f"{certificate.serial:x}"
    values = {"subject": certificate.subject, "serial": serial, "reason": args.reason}
    return tell(args, (values, [f"{certificate.subject}: {serial}"]))
