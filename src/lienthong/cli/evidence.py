"""``lienthong evidence verify``: whether a log container proves what it says, by a configuration at hand.

Exit code 0: valid; 1: not valid, also for a file that is no container; 2: a file or the configuration cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.trust.algorithms import POLICIES
from lienthong.trust.validation import SignatureReport, render_report

_UNPACKED = "verificationconf"
_IDENTIFIER = "instance-identifier"
_COLORS = {True: "\x1b[32m", False: "\x1b[31m"}
_CANNOT = {"vi": "không đọc được", "en": "cannot be read"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE.asice", help="container")
    parser.add_argument(
        "--conf", type=Path, required=True, metavar="DIR", help="unpacked /verificationconf, or a globalconf folder"
    )
    parser.add_argument(
        "--policy", choices=sorted(POLICIES), default="production", help="allowed algorithms (production)"
    )
    parser.add_argument(
        "--body", type=Path, metavar="FILE", help="what the container did not keep: a REST body, or a SOAP envelope"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    try:
        data = args.file.read_bytes()
        body = None if args.body is None else args.body.read_bytes()
        trust = load_configuration(args.conf)
    except OSError as exc:
        cause = f"{exc.filename or args.conf} {_CANNOT[args.lang]}: {exc.strerror or exc}"
        return _tell_error(cause, as_json=args.json)
    except (ExchangeError, UnicodeError) as exc:
        return _tell_error(f"{args.conf} {_CANNOT[args.lang]}: {exc}", as_json=args.json)
    report = verify_evidence(data, trust=trust, policy=POLICIES[args.policy], body=body)
    _tell(report, args)
    return 0 if report.is_valid else 1


def load_configuration(folder: Path) -> GlobalConfSet:
    """Read a configuration folder as X-Road stores it, also one level up from an unpacked archive.

    Raises:
        ConfigurationError, Fault: there is no usable configuration of the own instance.
        OSError: the folder cannot be read.
    """
    if not (folder / _IDENTIFIER).exists() and (folder / _UNPACKED / _IDENTIFIER).exists():
        folder = folder / _UNPACKED
    configuration = GlobalConfFolder(folder).load()
    configuration.local  # noqa: B018 - raises where the own instance is absent
    return configuration


def _tell(report: SignatureReport, args: argparse.Namespace) -> None:
    if args.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
        return
    text = render_report(report, language=args.lang)
    if args.color:
        first, _, rest = text.partition("\n")
        text = f"{_COLORS[report.is_valid]}{first}\x1b[0m\n{rest}"
    sys.stdout.write(text)


def _tell_error(cause: str, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": cause}, ensure_ascii=False))
    else:
        print(cause, file=sys.stderr)
    return 2
