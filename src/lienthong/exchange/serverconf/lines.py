"""Finds the line of each key of a TOML text, which the standard library's reader does not tell.

The text is known to be valid: only table headers, arrays of tables and keys are followed, values are skipped. Keys
inside inline tables and arrays are found at the line of the key that holds them. Source: TOML 1.0.0.
"""

from __future__ import annotations

import re
import tomllib

KeyPath = tuple[str | int, ...]
"""Keys and positions in arrays, from the top: ``("client", 0, "service", 1, "url")``."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_KEY = re.compile(r"""[ \t]*("(?:\\.|[^"\\\n])*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*([.=\]])""")
_VALUE_TOKEN = re.compile(
    r'(?s:"""(?:\\.|[^\\])*?"""(?:"{0,2}))|(?s:\'\'\'.*?\'\'\'(?:\'{0,2}))'
    r"""|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[\[{]|[\]}]|\n|[^"'#\[\]{}\n]+"""
)


def locate_keys(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every table and key of a valid TOML *text*."""
    return _Scan(text).run()


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """The line of *path*, or of the nearest table around it; 1 for the file as a whole."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._table: KeyPath = ()
        self._lengths: dict[KeyPath, int] = {}
        self._lines: dict[KeyPath, int] = {}

    def run(self) -> dict[KeyPath, int]:
        while self._skip_blank() < len(self._text):
            if self._text.startswith("[[", self._at):
                self._at += 2
                self._open_element(self._read_keys())
                self._at += 1
            elif self._text.startswith("[", self._at):
                self._at += 1
                self._table = self._resolve((), self._read_keys())
                self._note(self._table)
            else:
                self._note(self._resolve(self._table, self._read_keys()))
                self._skip_value()
        return self._lines

    def _skip_blank(self) -> int:
        if blank := _BLANK.match(self._text, self._at):
            self._at = blank.end()
        return self._at

    def _note(self, path: KeyPath) -> None:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        self._lines.setdefault(path, self._line)

    def _read_keys(self) -> list[str]:
        keys: list[str] = []
        while key := _KEY.match(self._text, self._at):
            self._at = key.end()
            keys.append(_unquote(key[1]))
            if key[2] != ".":
                return keys
        raise ValueError("the text is no valid TOML")

    def _resolve(self, base: KeyPath, keys: list[str]) -> KeyPath:
        path = base
        for key in keys:
            path = (*path, key)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return path

    def _open_element(self, keys: list[str]) -> None:
        array = (*self._resolve((), keys[:-1]), keys[-1])
        self._lengths[array] = self._lengths.get(array, 0) + 1
        self._table = (*array, self._lengths[array] - 1)
        self._note(array)
        self._note(self._table)

    def _skip_value(self) -> None:
        depth = 0
        while token := _VALUE_TOKEN.match(self._text, self._at):
            self._at = token.end()
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
            if token[0] == "\n" and depth == 0:
                return


def _unquote(key: str) -> str:
    if key[0] == '"':
        return str(tomllib.loads(f"key = {key}")["key"])
    return key[1:-1] if key[0] == "'" else key
