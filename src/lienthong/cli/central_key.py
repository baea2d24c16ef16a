"""``lienthong central key``: add, activate and remove configuration signing keys.

Rotation: ``add`` announces a second key, two refreshes later ``activate`` lets it sign, then ``remove`` the first one.
Anchors given out earlier keep working. Source: governance dossier s.1.5.
"""

from __future__ import annotations

import argparse

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.registry import KINDS
from lienthong.exchange.central.service import CentralService
from lienthong.trust.algorithms import KeyType


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make a key; the first of its kind signs at once")
    add.add_argument("kind", choices=KINDS, help="which configuration it signs")
    add.add_argument("--key-type", choices=[kind.value for kind in KeyType], default="RSA", help="RSA or EC")
    for name, text in (("activate", "let an announced key sign"), ("remove", "destroy a key that does not sign")):
        action = actions.add_parser(name, help=text)
        action.add_argument("name", metavar="KEY", help="name as central show gives it")
    for action in actions.choices.values():
        add_folder_arguments(action)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""

    def act(service: CentralService) -> Answer:
        if args.action == "add":
            name = service.add_key(args.kind, key_type=KeyType(args.key_type)).name
        else:
            name = args.name
            (service.activate_key if args.action == "activate" else service.remove_key)(name)
        return {"action": args.action, "key": name}, [name]

    return carry_out(args, act)
