"""``lienthong security refresh configuration | ocsp``: do now what the running server does by itself later."""

from __future__ import annotations

import argparse

from lienthong.cli.security_order import add_data_arguments, carry_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("what", choices=["configuration", "ocsp"], help="what to fetch again")
    add_data_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    return carry_out(args, args.what)
