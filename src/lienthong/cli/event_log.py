"""Events of our servers as they leave the process: one JSON object a line, on standard output.

An exception's text may quote what a stranger or a citizen sent, and local variables may be secrets, so an exception is
told by its kind and the places in our code where it passed, and by nothing else. A line that cannot be written, on a
full disk for one, is lost: no process ends and no message fails for it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

_OURS = "lienthong"


def write_events() -> None:
    """Let every structlog logger of this process write so; called once, before a server starts."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            name_exception,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: _Lines(),
    )


class _Lines:
    """Writes lines to standard output as far as it takes them."""

    def write(self, line: str) -> None:
        """Write one line, or lose it."""
        with suppress(OSError):
            print(line, flush=True)

    debug = info = warning = error = critical = write


def name_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put kinds and places in place of an exception."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        leaves = list(_leaves(error))
        event["exceptions"] = [type(leaf).__name__ for leaf in leaves]
        event["places"] = [place for leaf in leaves for place in _places(leaf)]
    return event


def _leaves(error: BaseException) -> Iterator[BaseException]:
    """The errors that a group of a TaskGroup holds; the error itself where it is no group."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rpartition(f'/{_OURS}/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
