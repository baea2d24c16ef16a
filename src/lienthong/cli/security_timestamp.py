"""``lienthong security timestamp --now``: timestamp at once every logged message that waits."""

from __future__ import annotations

import argparse

from lienthong.cli.security_order import add_data_arguments, carry_out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("--now", action="store_true", required=True, help="do not wait for the next turn")
    add_data_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    return carry_out(args, "timestamp")
