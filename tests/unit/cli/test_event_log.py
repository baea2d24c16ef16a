"""What our servers write to their logs."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from lienthong.cli.event_log import write_events

SECRET = "mat-khau-079203001234"


@pytest.fixture(autouse=True)
def own_configuration() -> Iterator[None]:
    """Each test configures for itself; what was there before comes back."""
    before = structlog.get_config()
    write_events()
    yield
    structlog.configure(**before)


def fail(secret: str) -> None:
    raise ValueError(f"cannot open {secret}")


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("message_refused", client="VN/GOV/000.00.00.H10/một-cửa", detail="7f3c")
    (line,) = capsys.readouterr().out.splitlines()
    event = json.loads(line)
    assert event.pop("at").endswith("Z")
    assert event == {
        "event": "message_refused",
        "level": "info",
        "client": "VN/GOV/000.00.00.H10/một-cửa",
        "detail": "7f3c",
    }


def test_an_exception_is_told_without_its_words_and_variables(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail(SECRET)
    except ValueError as exc:
        structlog.get_logger().error("process_failed", exc_info=ExceptionGroup("tasks", [exc]))
    (line,) = capsys.readouterr().out.splitlines()
    event = json.loads(line)
    assert event["exceptions"] == ["ValueError"]
    assert [place.rpartition(" ")[2] for place in event["places"]][-1] == "fail"
    assert SECRET not in line


def test_a_line_that_a_full_disk_does_not_take_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(full, encoding="utf-8", write_through=True))
        structlog.get_logger().warning("cycle_failed", cycle="timestamp")
        structlog.get_logger().error("process_died", process=0)
