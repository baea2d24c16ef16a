"""``lienthong central serve``: publish at intervals and serve what is published, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta
from pathlib import Path

from lienthong.cli.central import add_folder_arguments
from lienthong.cli.event_log import write_events
from lienthong.exchange.central.compose import CentralConfig, serve
from lienthong.exchange.errors import ConfigurationError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_arguments(parser)
    parser.add_argument("--listen", default="0.0.0.0:80", metavar="HOST:PORT", help="plain HTTP (0.0.0.0:80)")
    parser.add_argument("--tls-port", type=int, metavar="PORT", help="also HTTPS, with --tls-certificate")
    parser.add_argument("--tls-certificate", type=Path, metavar="FILE", help="PEM with certificate and key")
    parser.add_argument("--interval", type=float, metavar="SECONDS", help="publish that often (default: as declared)")


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    host, _, port = args.listen.rpartition(":")
    if not host or not port.isdigit():
        print(f"--listen {args.listen}: HOST:PORT", file=sys.stderr)
        return 2
    if (args.tls_port is None) != (args.tls_certificate is None):
        print("--tls-port and --tls-certificate come together", file=sys.stderr)
        return 2
    config = CentralConfig(
        data=args.data,
        password_file=args.password_file,
        host=host.strip("[]"),
        port=int(port),
        tls_port=args.tls_port,
        tls_certificate=args.tls_certificate,
        interval=None if args.interval is None else timedelta(seconds=max(args.interval, 0.1)),
    )
    write_events()
    try:
        serve(config)
    except (ConfigurationError, OSError) as exc:
        print(exc, file=sys.stderr)
        return 1
    return 0
