"""Changes a settings file as a person would: the lines that matter, comments and order left alone.

Only tables written out under their own headings are changed; what is written inline, or scattered, is left to a person.
Whoever edits must read the result with :func:`~.reading.parse_settings` before it replaces the file.
Source: TOML 1.0.0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import Enum

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.serverconf.lines import KeyPath, locate_keys
from lienthong.exchange.serverconf.settings import Endpoint, Service
from lienthong.exchange.serverconf.tables import write_path


class NotEditableError(ConfigurationError):
    """The file is written in a way that is left to a person; the text says which place."""


def quote(text: str) -> str:
    """A text as TOML writes it on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


_KEYS = {
    "code": "code", "version": "version", "type": "type", "url": "url", "timeout_s": "timeout",
    "tls_verify": "tls_verify", "openapi": "openapi", "wsdl": "wsdl", "disabled": "disabled", "notice": "notice",
    "personal_data": "personal_data", "issue_patterns": "issue_patterns", "log_body": "log_body",
}  # fmt: skip
"""Keys of a service's table, and the fields that they fill."""


def _written(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Enum():
            return quote(str(value.value))
        case timedelta():
            return f"{value.total_seconds():.0f}"
        case tuple():
            return f"[{', '.join(map(_written, value))}]"
        case _:
            return quote(str(value))


def write_service(service: Service) -> str:
    """The table of a service, without what has its default; its rights are for a person to give."""
    default = Service(code="")
    lines = [
        f"{key} = {_written(getattr(service, name))}"
        for key, name in _KEYS.items()
        if getattr(service, name) != getattr(default, name)
    ]
    lines.insert(0, "[[client.service]]")
    return "\n".join(lines) + "\n" + "".join(f"\n{write_endpoint(endpoint)}" for endpoint in service.endpoints)


def write_endpoint(endpoint: Endpoint) -> str:
    """The table of an endpoint."""
    return f"[[client.service.endpoint]]\nmethod = {quote(endpoint.method)}\npath = {quote(endpoint.path)}\n"


def insert_tables(text: str, path: KeyPath, tables: Sequence[str]) -> str:
    """Put *tables* at the end of the table at *path*. Raises NotEditableError."""
    lines = text.split("\n")
    _, end = _span(text, lines, path)
    new = "\n".join(tables).rstrip("\n").split("\n")
    after = lines[end:] or [""]
    return "\n".join([*lines[:end], "", *new, *([""] if after[0].strip() else []), *after])


def remove_table(text: str, path: KeyPath) -> str:
    """Take the table at *path* away, with all that is below it. Raises NotEditableError."""
    lines = text.split("\n")
    start, end = _span(text, lines, path)
    if end < len(lines) and not lines[end].strip():
        end += 1
    return "\n".join([*lines[:start], *lines[end:]])


def set_keys(text: str, path: KeyPath, values: Mapping[str, str | None]) -> str:
    """Give keys of the table at *path* new values, written as TOML; None takes a key away. Raises NotEditableError."""
    for key, value in reversed(list(values.items())):  # new ones go under the heading, so the first is written last
        lines = text.split("\n")
        start, _ = _span(text, lines, path)
        written = [] if value is None else [f"{_indent(lines[start])}{key} = {value}"]
        if (*path, key) in locate_keys(text):
            first, end = _span(text, lines, (*path, key))
            lines[first:end] = written
        else:
            lines[start + 1 : start + 1] = written
        text = "\n".join(lines)
    return text


def _span(text: str, lines: Sequence[str], path: KeyPath) -> tuple[int, int]:
    """The lines, from 0, of a table or key: from its heading to the next that is not below it, comments there aside."""
    located = locate_keys(text)
    if path not in located:
        raise NotEditableError(f"{write_path(path)} is not written under a heading of its own: change it by hand")
    start = located[path] - 1
    own = [line - 1 for key, line in located.items() if key[: len(path)] == path]
    others = (line - 1 for key, line in located.items() if key[: len(path)] != path)
    end = min((line for line in others if line > start), default=len(lines))
    if max(own) >= end:
        raise NotEditableError(f"the tables of {write_path(path)} do not stand together: change it by hand")
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return start, end


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
