"""Logs without personal data: one JSON line per event, with code places in place of messages and paths of requests.

Django logs the path of a refused request, and an exception's text may quote a row; both can name a person. So only the
logger, the status, the kind of exception and the places in our code are written.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

_OUR_PREFIX = "lienthong."


class FactsOnly(logging.Formatter):
    """Writes what happened and where, never to whom."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON line; the message itself only for our own loggers, whose messages are fixed event names."""
        event: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith(_OUR_PREFIX) and isinstance(record.msg, str):
            event["event"] = record.msg
            event.update(getattr(record, "facts", {}))
        status = getattr(record, "status_code", None)
        if status is not None:
            event["status"] = status
        if record.exc_info and record.exc_info[0] is not None:
            event["exception"] = record.exc_info[0].__name__
            event["places"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(event, ensure_ascii=False)


def logging_settings() -> dict[str, Any]:
    """The ``dictConfig`` of a system: everything from warnings up, our own events from info up, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"facts": {"()": FactsOnly}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "facts"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"lienthong": {"level": "INFO"}, "_granian": {"level": "WARNING"}},
    }
