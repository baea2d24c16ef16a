"""``lienthong central publish``: publish the configuration now, without waiting for the next round."""

from __future__ import annotations

import argparse

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.service import CentralService


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    return carry_out(args, _publish)


def _publish(service: CentralService) -> Answer:
    service.publish()
    status = service.public.status()
    at = "" if status.at is None else status.at.isoformat()
    return {"published_at": at}, [at]
