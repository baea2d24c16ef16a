"""Takes typed values out of TOML tables and notes every problem instead of stopping at the first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from lienthong.exchange.identifiers import ClientId, IdentifierError, parse_client
from lienthong.exchange.serverconf.lines import KeyPath, line_of, locate_keys
from lienthong.exchange.serverconf.problems import InvalidSettingsError, SettingsProblem

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=Enum)
_SHOWN = 60
_ENDLESS_KEY = re.compile(r"(?:\.[ \t]{0,9}[^.\s=,\[\]]{1,100}[ \t]{0,9}){64}")
"""A key in more parts than any table is deep; reading one takes time with the square of its parts."""
_PLAIN = re.compile(r"[!-~]*")
"""What an address is written with. Source: RFC 3986 s.2."""

UNKNOWN_CLIENT = ClientId("?", "?", "?")
"""Stands for a client id that was refused, until all problems are told."""


class Sheet:
    """One settings file being read: where its keys stand, and what is wrong so far."""

    def __init__(self, text: str, *, file: Path) -> None:
        self._file = str(file)
        self.problems: list[SettingsProblem] = []
        self.data = Path()
        if _ENDLESS_KEY.search(text):
            raise InvalidSettingsError(_limit_problem(self._file))
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            raise InvalidSettingsError(_syntax_problem(self._file, exc, text)) from exc
        except (ValueError, RecursionError) as exc:  # a number of thousands of digits, arrays in arrays without end
            raise InvalidSettingsError(_limit_problem(self._file)) from exc
        self._lines = locate_keys(text)
        self.root = Table(values, path=(), sheet=self)

    def note(self, path: KeyPath, *, found: str, expected: str) -> None:
        """Note one problem at *path*."""
        line = line_of(self._lines, path)
        self.problems.append(
            SettingsProblem(file=self._file, line=line, key=write_path(path), found=found, expected=expected)
        )


class Table:
    """One table of the file; every key asked for is a known key."""

    def __init__(self, values: Mapping[str, object], *, path: KeyPath, sheet: Sheet) -> None:
        self._values = values
        self._path = path
        self._sheet = sheet
        self._known: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the file gives *key*, which is thereby a known one."""
        self._known.add(key)
        return key in self._values

    def refuse(self, key: str, *, found: str, expected: str) -> None:
        """Note a problem with *key* (empty: with the table)."""
        self._sheet.note((*self._path, key) if key else self._path, found=found, expected=expected)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; without a default it is mandatory and not blank."""
        value = self._take(key, str, "a text", default)
        if default is None and value is not None and not value.strip():
            self.refuse(key, found="an empty text", expected="a text")
        return value or ""

    def number(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number between two bounds."""
        expected = f"a whole number from {low} to {high}"
        value = self._take(key, int, expected, default)
        if value is None or low <= value <= high:
            return default if value is None else value
        self.refuse(key, found=_show(value), expected=expected)
        return default

    def seconds(self, key: str, default: timedelta, *, low: int = 1, high: int = 31_536_000) -> timedelta:
        """A time in seconds."""
        return timedelta(seconds=self.number(key, int(default.total_seconds()), low=low, high=high))

    def optional_seconds(self, key: str) -> timedelta | None:
        """A time in seconds, ``None`` where not given."""
        value = self.seconds(key, timedelta(seconds=1))
        return value if self.has(key) else None

    def flag(self, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self._take(key, bool, "true or false", default)
        return default if value is None else value

    def choice(self, key: str, default: _Choice) -> _Choice:
        """One of the values of the enumeration *default* belongs to."""
        allowed = {str(member.value): member for member in type(default)}
        value = self.text(key, str(default.value))
        if value not in allowed:
            self.refuse(key, found=_show(value), expected=f"one of {', '.join(allowed)}")
        return allowed.get(value, default)

    def texts(self, key: str) -> tuple[str, ...]:
        """An array of texts, empty where not given."""
        values = self._take(key, list, "an array of texts", [])
        if values is None:
            return ()
        if not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, found=_show(values), expected="an array of texts, none empty")
            return ()
        return tuple(values)

    def converted(self, key: str, convert: Callable[[str], _Value], *, expected: str, default: _Value) -> _Value:
        """A mandatory text read by *convert*; *default* stands for one refused with ValueError."""
        text = self.text(key)
        if not text.strip():
            return default
        try:
            return convert(text)
        except ValueError:
            self.refuse(key, found=_show(text), expected=expected)
            return default

    def client(self, key: str) -> ClientId:
        """A mandatory client id."""
        expected = "INSTANCE/CLASS/CODE or INSTANCE/CLASS/CODE/SUBSYSTEM"
        return self.converted(key, parse_client, expected=expected, default=UNKNOWN_CLIENT)

    def clients(self, key: str) -> frozenset[ClientId]:
        """An array of client ids."""
        found: set[ClientId] = set()
        for text in self.texts(key):
            try:
                found.add(parse_client(text))
            except IdentifierError:
                self.refuse(key, found=_show(text), expected="client ids, INSTANCE/CLASS/CODE[/SUBSYSTEM]")
        return frozenset(found)

    def file(self, key: str) -> Path:
        """A mandatory file or folder name; relative ones start at the data folder."""
        return self._locate(key, self.text(key))

    def optional_file(self, key: str) -> Path | None:
        """A file name, ``None`` where not given."""
        name = self.text(key, "")
        return self._locate(key, name) if name else None

    def files(self, key: str) -> tuple[Path, ...]:
        """An array of file names."""
        return tuple(self._locate(key, name) for name in self.texts(key))

    def listener(self, key: str, default: str) -> str:
        """An IP address to listen on."""
        value = self.text(key, default)
        try:
            ip_address(value)
        except ValueError:
            self.refuse(key, found=_show(value), expected="an IP address")
        return value

    def address(self, key: str, default: str | None = None) -> str:
        """An ``http`` or ``https`` address without user name and password."""
        value = self.text(key, default)
        if value and (problem := _judge_address(value)):
            self.refuse(key, found=problem, expected="an http:// or https:// address without user name and password")
        return value

    def table(self, key: str) -> Table:
        """The table under *key*, empty where not given."""
        values = self._take(key, dict, "a table", {})
        return Table(values or {}, path=(*self._path, key), sheet=self._sheet)

    def tables(self, key: str) -> list[Table]:
        """The array of tables under *key*."""
        values = self._take(key, list, f"tables, each under [[{key}]]", [])
        if values is None or not all(isinstance(value, dict) for value in values):
            if values is not None:
                self.refuse(key, found=_show(values), expected=f"tables, each under [[{key}]]")
            return []
        return [
            Table(value, path=(*self._path, key, position), sheet=self._sheet) for position, value in enumerate(values)
        ]

    def close(self) -> None:
        """Note every key nobody asked for, with the nearest known name."""
        for key in self._values:
            if key not in self._known:
                near = get_close_matches(key, self._known, n=1, cutoff=0.6)
                hint = f"{near[0]!r} (the nearest name)" if near else f"one of {', '.join(sorted(self._known))}"
                self.refuse(key, found="an unknown key", expected=hint)

    def _take(self, key: str, kind: type[_Value], expected: str, default: _Value | None) -> _Value | None:
        self._known.add(key)
        if key not in self._values:
            if default is None:
                self.refuse(key, found="nothing", expected=expected)
            return default
        value = self._values[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(key, found=_show(value), expected=expected)
            return None
        return value

    def _locate(self, key: str, name: str) -> Path:
        if "://" in name or "\n" in name:
            self.refuse(key, found="something that is no file name", expected="the name of a file or folder")
            return Path()
        return self._sheet.data / name


def write_path(path: KeyPath) -> str:
    """A key path as administrators read it: ``client[0].service[1].url``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _judge_address(value: str) -> str:
    try:
        url = urlsplit(value)
        port_is_valid = url.port is None or url.port > 0
    except ValueError:
        return "something that is no address"
    if url.username is not None:
        return "an address with a user name or password"
    if not _PLAIN.fullmatch(value):
        return "an address with a character that must be percent-encoded"
    return "" if url.scheme in {"http", "https"} and url.hostname and port_is_valid else _show(value)


def _show(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _limit_problem(file: str) -> SettingsProblem:
    return SettingsProblem(file=file, line=1, key="", found="a value too long or too deep to read", expected="TOML 1.0")


def _syntax_problem(file: str, exc: tomllib.TOMLDecodeError, text: str) -> SettingsProblem:
    message, _, place = str(exc).rpartition(" (at ")
    digits = place.removeprefix("line ").partition(",")[0]
    line = int(digits) if digits.isdigit() else text.count("\n") + 1
    return SettingsProblem(file=file, line=line, key="", found=message or str(exc), expected="TOML 1.0")
