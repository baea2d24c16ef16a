"""``lienthong central show``: what a central server holds, its keys, its last publication, its latest changes."""

from __future__ import annotations

import argparse

from lienthong.cli.central import Answer, add_folder_arguments, carry_out
from lienthong.exchange.central.service import CentralService
from lienthong.exchange.identifiers import short_form

_HISTORY = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the arguments of the command."""
    add_folder_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Carry out the command and return its exit code."""
    return carry_out(args, _show)


def _show(service: CentralService) -> Answer:
    registry, status = service.database.registry(), service.public.status()
    keys = service.database.signing_keys()
    values: dict[str, object] = {
        "instance": registry.instance,
        "addresses": list(registry.addresses),
        "members": [short_form(member.id) for member in registry.members],
        "subsystems": [short_form(m.subsystem_id(s)) for m in registry.members for s in m.subsystems],
        "servers": [short_form(server.id) for server in registry.servers],
        "groups": [group.code for group in registry.groups],
        "certification_authorities": [ca.name for ca in registry.approved_cas],
        "timestamping_authorities": [tsa.name for tsa in registry.approved_tsas],
        "keys": [{"name": key.name, "kind": key.kind, "active": key.is_active} for key in keys],
        "published_at": None if status.at is None else status.at.isoformat(),
        "published": status.success,
        "publication_message": status.message,
        "history": [
            {"at": entry.at.isoformat(), "event": entry.event, "detail": entry.detail}
            for entry in service.database.history(_HISTORY)
        ],
    }
    return values, [f"{name}: {_line(value)}" for name, value in values.items()]


def _line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_line(item) for item in value) or "-"
    if isinstance(value, dict):
        return " ".join(str(item).replace("\n", "; ") for item in value.values())
    return "-" if value in {None, ""} else str(value)
