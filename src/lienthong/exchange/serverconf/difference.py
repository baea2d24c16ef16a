"""What changes when one settings file replaces another, as an administrator wants to read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from enum import Enum

from lienthong.exchange.identifiers import Identifier, encode_path
from lienthong.exchange.serverconf.settings import (
    AccessRight,
    Client,
    LocalGroup,
    Service,
    Settings,
    TimestampingService,
)

_NOTHING = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One setting that is added, removed or changed."""

    key: str
    """Where: ``client[VN/GOV/…].service[citizens].url``; list entries go by their own names, not by position."""
    old: str | None
    """Value before, ``None`` where it was not there."""
    new: str | None
    """Value after, ``None`` where it is gone."""

    def __str__(self) -> str:
        if self.old is None:
            return f"+ {self.key} = {self.new}"
        if self.new is None:
            return f"- {self.key} = {self.old}"
        return f"~ {self.key}: {self.old} -> {self.new}"


def difference(old: Settings | None, new: Settings) -> list[Change]:
    """List what *new* changes against *old* (``None``: nothing was there), in order of keys."""
    before = _read(old) if old is not None else {}
    after = _read(new)
    keys = [*after, *(key for key in before if key not in after)]
    return [
        Change(key=key, old=before.get(key), new=after.get(key)) for key in keys if before.get(key) != after.get(key)
    ]


def _read(settings: Settings) -> dict[str, str]:
    """Every setting that says something, by its key."""
    return {key: value for key, value in _flatten("", settings) if value != _NOTHING}


def _flatten(key: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Identifier):
        yield key, _show(value)
    elif isinstance(value, tuple) and value:
        yield from _flatten_entries(key, value)
    elif is_dataclass(value) and not isinstance(value, type):
        for each in (each for each in fields(value) if each.init):
            yield from _flatten(f"{key}.{each.name}" if key else each.name, getattr(value, each.name))
    else:
        yield key, _show(value)


def _flatten_entries(key: str, entries: tuple[object, ...]) -> Iterator[tuple[str, str]]:
    if all(isinstance(entry, str | int) or not _name(entry, 0) for entry in entries):
        yield key, ", ".join(_show(entry) for entry in entries)
        return
    seen: dict[str, int] = {}
    for entry in entries:
        name = _name(entry, 0)
        seen[name] = seen.get(name, 0) + 1
        yield from _flatten(f"{key}[{_name(entry, seen[name])}]", _body(entry))


def _name(entry: object, repeated: int) -> str:
    """What an administrator calls a list entry; empty for entries without a name."""
    match entry:
        case Client():
            name = encode_path(entry.id)
        case Service():
            name = entry.name
        case LocalGroup():
            name = entry.code
        case TimestampingService():
            name = entry.name
        case AccessRight():
            name = f"{_show(entry.subject)} {entry.endpoint.method} {entry.endpoint.path}"
        case (first, _) if not isinstance(entry, Identifier):
            name = _show(first)
        case _:
            return ""
    return name if repeated < 2 else f"{name} #{repeated}"


def _body(entry: object) -> object:
    match entry:
        case AccessRight():
            return "allowed"
        case (_, value):
            return value
        case _:
            return entry


def _show(value: object) -> str:
    match value:
        case None | "" | ():
            return _NOTHING
        case bool():
            return str(value).lower()
        case timedelta():
            return f"{value.total_seconds():g} s"
        case Enum():
            return str(value.value)
        case frozenset():
            return ", ".join(sorted(_show(item) for item in value)) or _NOTHING
        case _ if is_dataclass(value) and not isinstance(value, Identifier):
            return " ".join(_show(getattr(value, each.name)) for each in fields(value))
        case _:
            return str(value)
