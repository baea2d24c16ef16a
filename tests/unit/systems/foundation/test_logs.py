import json
import logging
import sys

from lienthong.systems.foundation.logs import FactsOnly, logging_settings


def _line(logger: str, message: str, **more: object) -> dict[str, object]:
    record = logging.LogRecord(logger, logging.WARNING, __file__, 1, message, (), None)
    record.__dict__.update(more)
    line: dict[str, object] = json.loads(FactsOnly().format(record))
    return line


def test_a_refused_request_is_logged_without_its_path() -> None:
    line = _line("django.request", "Not Found: /persons/001085000001", status_code=404)
    assert line["status"] == 404
    assert "001085000001" not in json.dumps(line)


def test_an_exception_is_logged_by_kind_and_place_without_its_text() -> None:
    try:
        raise ValueError("Nguyễn Văn An, 001085000001")
    except ValueError:
        line = _line("django.request", "failed", exc_info=sys.exc_info())
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in json.dumps(line["places"])
    assert "001085000001" not in json.dumps(line)
    assert "An" not in json.dumps(line, ensure_ascii=False)


def test_our_own_events_keep_their_name_and_facts() -> None:
    line = _line("lienthong.systems.population", "operation_failed", facts={"message_id": "m1"})
    assert (line["event"], line["message_id"]) == ("operation_failed", "m1")


def test_no_access_log_is_kept() -> None:
    assert set(logging_settings()["loggers"]) == {"lienthong", "_granian"}
