"""How a command tells what came of it: values as JSON with ``--json``, else lines for people.

JSON goes to standard output and begins with ``ok``; what is told to people about a refusal goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence

Answer = tuple[Mapping[str, object], Sequence[str]]
"""The same thing as values for JSON, and as lines for people."""


def add_json_argument(parser: argparse.ArgumentParser) -> None:
    """The argument that chooses between the two."""
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def tell(args: argparse.Namespace, answer: Answer) -> int:
    """Print what was done; the exit code 0."""
    values, lines = answer
    if args.json:
        _print_json({"ok": True, **values})
    elif lines:
        print(*lines, sep="\n")
    return 0


def refuse(args: argparse.Namespace, answer: Answer) -> int:
    """Print why nothing was done; the exit code 1."""
    values, lines = answer
    if args.json:
        _print_json({"ok": False, **values})
    else:
        print(*lines, sep="\n", file=sys.stderr)
    return 1


def error(text: str) -> Answer:
    """A refusal that is one text."""
    return {"error": text}, [text]


def _print_json(values: Mapping[str, object]) -> None:
    print(json.dumps(values, ensure_ascii=False, indent=2))
