"""``lienthong security description add | refresh | enable | disable | lint``: WSDL and OpenAPI documents of services.

``add`` shows what a document describes, ``refresh`` how the documents differ from the settings; both write the
settings file only with ``--write``. ``disable`` and ``enable`` change every service of a description. Nothing takes
effect before ``security apply``, and what is added may be called by nobody until a right is given.
Exit code 0: done, or nothing wrong; 1: refused, or the linter found errors.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from lienthong.cli.answers import Answer, add_json_argument, error, refuse, tell
from lienthong.cli.description_add import add
from lienthong.cli.description_lint import lint
from lienthong.cli.description_pause import disable, enable
from lienthong.cli.description_refresh import refresh
from lienthong.exchange.errors import ConfigurationError, ExchangeError
from lienthong.exchange.identifiers import parse_client


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = _action(actions, "add", "show what a document describes, and take it into the settings with --write")
    new.add_argument("place", metavar="FILE|URL", help="WSDL, or OpenAPI 3.0 or 3.1 in JSON or YAML")
    new.add_argument("--client", type=parse_client, required=True, metavar="ID", help="who provides the services")
    new.add_argument("--code", default="", help="service code of an OpenAPI document")
    new.add_argument("--url", default="", help="where the services listen, instead of where the document says")
    again = _action(actions, "refresh", "show how documents differ from the settings, and follow them with --write")
    again.add_argument("place", nargs="?", default="", metavar="PLACE", help="as the settings name it; without, all")
    again.add_argument("--addresses", action="store_true", help="take over addresses that differ, too")
    for action in (new, again):
        action.add_argument("--write", action="store_true", help="change the settings file")
    for name, text in (("enable", "end the pause of every service of a description"), ("disable", "pause them all")):
        _action(actions, name, text).add_argument("place", metavar="PLACE", help="as the settings name it")
    actions.choices["disable"].add_argument("--notice", required=True, help="told to callers who have a right")
    judged = actions.add_parser("lint", help="say what is wrong with a document")
    judged.add_argument("place", metavar="FILE|URL")
    add_json_argument(judged)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        answer = _ACTIONS[args.action](args)
    except ConfigurationError as exc:
        return refuse(args, error("\n".join(exc.problems)))
    except (ExchangeError, OSError, UnicodeDecodeError) as exc:
        return refuse(args, error(str(exc)))
    return (refuse if answer[0].get("errors") else tell)(args, answer)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text)
    parser.add_argument("--settings", type=Path, required=True, metavar="FILE", help="settings file (TOML)")
    add_json_argument(parser)
    return parser


_ACTIONS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "add": add,
    "refresh": refresh,
    "enable": enable,
    "disable": disable,
    "lint": lint,
}
