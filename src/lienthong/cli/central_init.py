"""``lienthong central init``: make a central server's data folder, with a signing key for each configuration."""

from __future__ import annotations

import argparse

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.service import CentralService
from lienthong.trust.algorithms import KeyType


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_arguments(parser)
    parser.add_argument("--instance", required=True, metavar="ID", help="instance identifier, such as VN")
    parser.add_argument(
        "--address", action="append", required=True, metavar="HOST[:PORT]", help="where clients fetch; may repeat"
    )
    parser.add_argument("--key-type", choices=[kind.value for kind in KeyType], default="RSA", help="RSA or EC")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""

    def act(service: CentralService) -> Answer:
        registry = service.initialize(args.instance, args.address, key_type=KeyType(args.key_type))
        keys = [key.name for key in service.database.signing_keys()]
        values = {"instance": registry.instance, "data": str(args.data), "keys": keys}
        return values, [f"{registry.instance}: {args.data}", *keys]

    return carry_out(args, act)
