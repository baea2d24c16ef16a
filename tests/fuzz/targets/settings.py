"""Settings of a security server and declarations of an instance: valid, or every problem with its line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from lienthong.exchange.central.declaration import parse_declaration
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.reading import parse_settings

REFUSES = ()
_FILE = Path("/nonexistent/fuzzed.toml")


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    _check(lambda: parse_settings(text, file=_FILE), text)
    _check(lambda: parse_declaration(text, file=_FILE), text)


def _check(parse: Callable[[], object], text: str) -> None:
    with contextlib.suppress(InvalidSettingsError):
        try:
            parse()
        except InvalidSettingsError as error:
            assert error.settings_problems
            lines = text.count("\n") + 1
            assert all(1 <= problem.line <= lines for problem in error.settings_problems)
            raise
