"""Old records go into archives, and come out of them, by the commands an operator types."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes.old_log import OldLog
from tests.fakes.server_folder import write_folder
from tests.fakes.signing import trust
from tests.unit.cli.test_security_log import lienthong

from lienthong.exchange.adapters.log_archive_files import archives_in
from lienthong.exchange.message.evidence import verify_evidence
from lienthong.exchange.serverconf.settings import APPLIED_SETTINGS

LONG_AGO = int((datetime.now(UTC) - timedelta(days=40)).timestamp() * 1000)


@pytest.fixture
def log(tmp_path: Path) -> OldLog:
    log = OldLog(tmp_path)
    log.write(10, time_ms=LONG_AGO)
    log.stamp()
    log.index.close()
    return log


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def archive(data: Path, *words: str) -> int:
    return lienthong("archive", "--data", data, "--jsonl", *words)


def test_nothing_is_archived_unless_somebody_says_how_old(
    log: OldLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(tmp_path) == 2
    assert "archive_after_s" in capsys.readouterr().err
    assert archive(tmp_path, "--older-than", "0") == 2
    assert archive(tmp_path, "--older-than", "50") == 0
    assert archives_in(log.archives) == []


def test_old_segments_go_and_their_messages_can_still_be_had(
    log: OldLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(tmp_path, "--older-than", "30") == 0
    lines = told(capsys)
    assert sorted(str(line["archive"]) for line in lines) == [path.name for path in archives_in(log.archives)]
    assert archive(tmp_path, "--older-than", "30") == 0
    assert told(capsys) == []
    assert lienthong("check", "--data", tmp_path) == 0
    capsys.readouterr()
    for message_id in ("m0", "m9"):
        assert lienthong("dump", message_id, "--data", tmp_path, "--out", tmp_path / "out", "--jsonl") == 0
        (line,) = told(capsys)
        assert line["timestamped"] is True
        assert verify_evidence(Path(str(line["file"])).read_bytes(), trust=trust()).is_valid
    assert {"m0"} <= set(log.archived())


def test_a_message_whose_archive_was_moved_away_is_told_of(
    log: OldLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert archive(tmp_path, "--older-than", "30") == 0
    for path in archives_in(log.archives):
        path.rename(tmp_path / path.name)
    assert lienthong("dump", "m0", "--data", tmp_path, "--out", tmp_path / "out") == 2
    assert "segment 1 cannot be read" in capsys.readouterr().err


def test_the_period_may_be_a_setting(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_folder(tmp_path / "ss1", seen.globalconf(), port=1, ocsp_port=1)
    log = OldLog(paths.data)
    log.write(10, time_ms=LONG_AGO)
    log.stamp()
    log.index.close()
    applied = paths.data / APPLIED_SETTINGS
    applied.write_text(f"{applied.read_text()}\n[log]\narchive_after_s = {30 * 86400}\n")
    assert archive(paths.data) == 0
    assert told(capsys)
    assert archives_in(log.archives)


def test_what_cannot_go_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = OldLog(tmp_path)
    log.write(5, time_ms=LONG_AGO)
    log.index.close()
    assert archive(tmp_path, "--older-than", "30") == 1
    assert told(capsys) == [{"worker": 0, "segment": 1, "kept": "a record has no timestamp yet"}]


def test_the_chain_of_archives_is_verified(log: OldLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive(tmp_path, "--older-than", "30")
    capsys.readouterr()
    assert archive(tmp_path, "--verify") == 0
    lines = told(capsys)
    assert all(line["sound"] and line["previous_is_here"] for line in lines)
    first, second = next(
        (log.archives / str(x["previous"]), log.archives / str(x["archive"])) for x in lines if x["previous"]
    )
    first.rename(tmp_path / first.name)
    assert archive(tmp_path, "--verify") == 0
    assert [line["previous_is_here"] for line in told(capsys)].count(False) == 1
    (tmp_path / first.name).rename(first)
    first.write_bytes(second.read_bytes())
    assert archive(tmp_path, "--verify") == 1
    assert any(not line["sound"] for line in told(capsys))
    second.write_bytes(b"x")
    assert archive(tmp_path, "--verify") == 1
    assert any("cannot be read" in str(line.get("problem")) for line in told(capsys))
