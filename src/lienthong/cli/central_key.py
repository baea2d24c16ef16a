"""``lienthong central key``: add, activate and remove configuration signing keys.

Rotation: ``add`` announces a second key, two refreshes later ``activate`` lets it sign, then ``remove`` the first one.
Anchors given out earlier keep working. Source: governance dossier s.1.5.
"""

from __future__ import annotations

import argparse

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.registry import KINDS
from lienthong.exchange.central.service import CentralService
from lienthong.exchange.errors import ConfigurationError
from lienthong.trust.algorithms import KeyType


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("action", choices=("add", "activate", "remove"), help="what to do")
    parser.add_argument("name", metavar="KIND|KEY", help="add: internal or external; else a key's name")
    parser.add_argument("--key-type", choices=[kind.value for kind in KeyType], default="RSA", help="add: RSA or EC")
    add_folder_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""

    def act(service: CentralService) -> Answer:
        if args.action == "add":
            if args.name not in KINDS:
                raise ConfigurationError(f"{args.name} is neither internal nor external")
            name = service.add_key(args.name, key_type=KeyType(args.key_type)).name
        else:
            name = args.name
            (service.activate_key if args.action == "activate" else service.remove_key)(name)
        return {"action": args.action, "key": name}, [name]

    return carry_out(args, act)
