"""MIME entities cut from raw bytes, so that what was signed is what is verified. Source: RFC 2046 s.5.1.1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lienthong.exchange.globalconf.faults import Code, refuse

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LEADING_BLANK = re.compile(rb"\r?\n")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")
_PARAMETER = re.compile(r";\s*([^\s=;]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^;\s]*)\s*")
_PARTS_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Header fields and body of one entity."""

    headers: Mapping[str, str]
    """By lower-case name; a repeated field is refused."""
    body: bytes
    """Exactly as it came."""

    def required(self, name: str) -> str:
        """Value of a field; raises Fault ``global_conf_header_field_missing``."""
        value = self.headers.get(name.lower(), "")
        if not value:
            raise refuse(Code.HEADER_MISSING, f"header field {name} is missing")
        return value

    def expect(self, name: str, value: str) -> None:
        """Require a field to hold exactly *value*; raises Fault ``global_conf_header_field_…``."""
        found = self.required(name)
        if found != value:
            raise refuse(Code.HEADER_WRONG, f"header field {name} is {found!r}, not {value!r}")


def read_entity(data: bytes) -> Entity:
    """Cut header from body at the first blank line; without one there is only a header."""
    if leading := _LEADING_BLANK.match(data):
        return Entity(headers={}, body=data[leading.end() :])
    blank = _BLANK_LINE.search(data)
    head, body = (data, b"") if blank is None else (data[: blank.start()], data[blank.end() :])
    return Entity(headers=_read_headers(head), body=body)


def split_multipart(entity: Entity, subtype: str) -> list[bytes]:
    """Bytes of every part of a multipart entity, the line break before each delimiter left out."""
    media_type, parameters = split_parameters(entity.required("Content-Type"))
    if media_type.lower() != f"multipart/{subtype}":
        raise refuse(Code.HEADER_WRONG, f"header field Content-Type is {media_type!r}, not 'multipart/{subtype}'")
    boundary = parameters.get("boundary", "")
    if not boundary:
        raise refuse(Code.HEADER_PARAMETER_MISSING, "header field Content-Type has no parameter boundary")
    if not _BOUNDARY.fullmatch(boundary):
        raise refuse(Code.HEADER_WRONG, "parameter boundary of header field Content-Type is not a boundary")
    return _cut(entity.body, boundary.encode("ascii"))


def split_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Take a header value apart; parameter names come lower-case, quotes of either kind are stripped."""
    parameters = {name.lower(): text.strip("\"'") for name, text in _PARAMETER.findall(value)}
    return value.partition(";")[0].strip(), parameters


def _cut(body: bytes, boundary: bytes) -> list[bytes]:
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    parts: list[bytes] = []
    start: int | None = None
    at = 0
    while found := delimiter.search(body, at):
        if start is not None:
            parts.append(body[start : max(start, found.start())])
        if found[1] or len(parts) > _PARTS_MAX:
            return parts
        newline = _LEADING_BLANK.match(body, found.end())
        start = newline.end() if newline else found.end()
        at = found.end()
    if start is not None:
        parts.append(body[start:])
    return parts


def _read_headers(head: bytes) -> dict[str, str]:
    try:
        lines = re.sub(r"\r?\n[ \t]+", " ", head.decode("ascii")).splitlines()
    except UnicodeDecodeError as exc:
        raise refuse(Code.DIRECTORY, "header fields are not ASCII") from exc
    headers: dict[str, str] = {}
    for line in filter(None, lines):
        name, colon, value = line.partition(":")
        if not colon:
            raise refuse(Code.DIRECTORY, f"{line[:60]!r} is not a header field")
        if name.strip().lower() in headers:
            raise refuse(Code.HEADER_WRONG, f"header field {name.strip()} is given twice")
        headers[name.strip().lower()] = value.strip()
    return headers
