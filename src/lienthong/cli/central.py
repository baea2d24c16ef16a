"""What all ``lienthong central …`` commands share: where the server's data lie, and how a failure is told."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from lienthong.cli.answers import Answer, add_json_argument, error, refuse, tell
from lienthong.exchange.central.service import CentralFolder, CentralService
from lienthong.exchange.errors import ExchangeError
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.trust.errors import TrustError

__all__ = ["Answer", "add_folder_arguments", "carry_out", "folder_of"]


def add_folder_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of every command on a central server."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="data folder of the central server")
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="token password (default: token.password in DIR)"
    )
    add_json_argument(parser)


def folder_of(args: argparse.Namespace) -> CentralFolder:
    """The data folder that the arguments name."""
    return CentralFolder(path=args.data, password_file=args.password_file)


def carry_out(args: argparse.Namespace, act: Callable[[CentralService], Answer]) -> int:
    """Let *act* work on the central server and tell its answer; 0 when it could, 1 when not."""
    service = CentralService(folder_of(args), clock=lambda: datetime.now(UTC))
    try:
        answer = act(service)
    except InvalidSettingsError as exc:
        problems = [asdict(problem) for problem in exc.settings_problems]
        return refuse(args, ({"problems": problems}, [str(problem) for problem in exc.settings_problems]))
    except (ExchangeError, TrustError, OSError, UnicodeDecodeError) as exc:
        return refuse(args, error(str(exc)))
    return tell(args, answer)
