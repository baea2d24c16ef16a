"""Shared and private parameters in every version: what is read can be written, and reads the same again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import TypeVar

from lienthong.exchange.errors import ConfigurationError, Fault
from lienthong.exchange.globalconf.registry import CODECS

REFUSES = (Fault,)
_Value = TypeVar("_Value")


def read(data: bytes) -> None:
    for codec in CODECS.values():
        _travels(data, codec.read_shared, codec.write_shared)
        _travels(data, codec.read_private, codec.write_private)


def _travels(data: bytes, read_one: Callable[[bytes], _Value], write: Callable[[_Value], bytes]) -> None:
    with contextlib.suppress(Fault):
        value = read_one(data)
        with contextlib.suppress(ConfigurationError):
            assert read_one(write(value)) == value
