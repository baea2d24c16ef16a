"""What one registry changes against another, one line per fact, for people and for the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

from lienthong.exchange.central.registry import RegisteredServer, Registry
from lienthong.exchange.globalconf.model import (
    ApprovedCa,
    ApprovedTsa,
    CaEntry,
    ConfigurationAnchor,
    GlobalGroup,
    Member,
    MemberClass,
    OcspResponder,
    Subsystem,
)
from lienthong.exchange.identifiers import ClientId, SecurityServerId, short_form
from lienthong.exchange.serverconf.difference import Change
from lienthong.trust.algorithms import DigestAlgorithm

_DERIVED = {"class_description"}


def registry_difference(old: Registry, new: Registry) -> list[Change]:
    """List what *new* changes, in order of keys; equal registries give an empty list."""
    before, after = dict(_flatten("", old)), dict(_flatten("", new))
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(key=key, old=before.get(key), new=after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _flatten(key: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case None | "":
            return
        case ClientId() | SecurityServerId():
            yield key, short_form(value)
        case tuple():
            yield from _flatten_entries(key, value)
        case bytes():
            yield key, f"SHA-256 {DigestAlgorithm.SHA256.digest(value).value.hex()[:16]}"
        case timedelta():
            yield key, f"{value.total_seconds():g} s"
        case bool():
            yield key, str(value).lower()
        case _ if is_dataclass(value) and not isinstance(value, type):
            names = [item.name for item in fields(value) if item.name not in _DERIVED]
            for name in names:
                yield from _flatten(f"{key}.{name}" if key else name, getattr(value, name))
            if key and not any(getattr(value, name) for name in names):
                yield key, "yes"
        case _:
            yield key, str(value)


def _flatten_entries(key: str, entries: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    for position, entry in enumerate(entries):
        yield from _flatten(f"{key}[{_name(entry) or position}]", entry)


def _name(entry: object) -> str:
    match entry:
        case Member() | RegisteredServer():
            return short_form(entry.id)
        case ClientId():
            return short_form(entry)
        case MemberClass() | GlobalGroup() | Subsystem():
            return entry.code
        case ApprovedCa() | ApprovedTsa():
            return entry.name
        case OcspResponder():
            return entry.url
        case CaEntry():
            return DigestAlgorithm.SHA256.digest(entry.certificate_der).value.hex()[:16]
        case ConfigurationAnchor():
            return entry.instance
        case bytes():
            return DigestAlgorithm.SHA256.digest(entry).value.hex()[:16]
        case str():
            return entry
        case _:
            return ""
