"""Reads a settings file as a whole: all of it is valid, or every problem is named at once."""

from __future__ import annotations

from pathlib import Path

from lienthong.exchange.serverconf.settings import Settings


def parse_settings(text: str, *, file: Path, data: Path | None = None) -> Settings:
    """Read the settings of one security server from TOML text.

    Args:
        file: Name of the file, for messages, and where a relative ``server.data`` starts.
        data: Data folder to use instead of the one the file names.
    Raises:
        InvalidSettingsError: with every problem of the file.
    """
    raise NotImplementedError(text, file, data)
