import argparse
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.settings_files import COMPLETE

from lienthong.cli.security_apply import add_arguments, apply_settings, find_supervisor, run
from lienthong.exchange.serverconf.settings import APPLIED_SETTINGS, PID_FILE


def command(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="en", color=False)
    return run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ss1.toml"
    path.write_text(COMPLETE, encoding="utf-8")
    return path


def test_a_file_is_applied_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    applied = file.parent / "data" / APPLIED_SETTINGS
    assert command(file) == 0
    assert applied.read_text(encoding="utf-8") == COMPLETE
    assert "no supervisor runs" in capsys.readouterr().out
    stamp = applied.stat().st_mtime_ns
    assert command(file) == 0
    assert capsys.readouterr().out == "nothing changes\n"
    assert applied.stat().st_mtime_ns == stamp
    assert sorted(path.name for path in applied.parent.iterdir()) == [APPLIED_SETTINGS]
    assert stat.S_IMODE(applied.stat().st_mode) == 0o600


def test_a_dry_run_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(file, "--dry-run") == 0
    assert "would be applied" in capsys.readouterr().out
    assert not (file.parent / "data").exists()


def test_only_what_changes_is_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command(file)
    file.write_text(COMPLETE.replace("timeout_s = 2", "timeout_s = 3"), encoding="utf-8")
    capsys.readouterr()
    assert command(file, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"]
    assert told["applied"]
    assert [(change["old"], change["new"]) for change in told["changes"]] == [("2 s", "3 s")]


def test_every_problem_is_told_and_nothing_applied(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(COMPLETE.replace('data = "data"', "typo = 1\nworkers = 0"), encoding="utf-8")
    assert command(file) == 1
    told = capsys.readouterr().err
    assert "ss1.toml:3: server.typo" in told
    assert "ss1.toml:4: server.workers" in told
    assert "2 problem(s)" in told
    assert command(file, "--json") == 1
    assert [problem["line"] for problem in json.loads(capsys.readouterr().out)["problems"]] == [3, 4]
    assert [path.name for path in file.parent.iterdir()] == ["ss1.toml"]


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None) -> None:
    file = tmp_path / "x.toml"
    if content:
        file.write_bytes(content)
    assert command(file) == 1
    assert "nothing was applied" in capsys.readouterr().err
    assert command(file, "--json") == 1
    assert not json.loads(capsys.readouterr().out)["ok"]


def test_another_data_folder(file: Path, tmp_path: Path) -> None:
    assert command(file, "--data", tmp_path / "other") == 0
    assert (tmp_path / "other" / APPLIED_SETTINGS).exists()


def test_a_copy_nobody_can_read_any_more_is_replaced(file: Path) -> None:
    applied = file.parent / "data" / APPLIED_SETTINGS
    applied.parent.mkdir()
    for content in (b"old = 1", b"\xff"):
        applied.write_bytes(content)
        assert apply_settings(file, data=None, is_dry_run=False).applied
        assert applied.read_text(encoding="utf-8") == COMPLETE


SUPERVISOR = """
import signal, sys
signal.signal(signal.SIGHUP, lambda *_: sys.exit(7))
print("ready", flush=True)
signal.pause()
"""


def test_a_running_supervisor_is_told_of_changes_only(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = file.parent / "data"
    data.mkdir()
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, "lienthong"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        (data / PID_FILE).write_text(f"{process.pid}\n", encoding="ascii")
        assert command(file) == 0
        assert process.wait(10) == 7
    assert f"supervisor {process.pid} was told" in capsys.readouterr().out


def test_comments_alone_wake_nobody(file: Path) -> None:
    apply_settings(file, data=None, is_dry_run=False)
    file.write_text(f"# new\n{COMPLETE}", encoding="utf-8")
    outcome = apply_settings(file, data=None, is_dry_run=False)
    assert outcome.applied
    assert (outcome.changes, outcome.signalled) == ((), None)


def test_a_process_id_that_is_not_a_supervisor_is_left_alone(tmp_path: Path) -> None:
    assert find_supervisor(tmp_path) is None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as foreign:
        for text in ("", "x", "-1", "0", "1", "9" * 30, str(foreign.pid)):
            (tmp_path / PID_FILE).write_text(text, encoding="ascii")
            assert find_supervisor(tmp_path) is None
        os.kill(foreign.pid, signal.SIGTERM)


def test_both_languages_are_spoken(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args([str(file)])
    args.lang = "vi"
    assert run(args) == 0
    assert run(args) == 0
    told = capsys.readouterr().out
    assert "không có tiến trình giám sát nào đang chạy" in told
    assert told.endswith("không có gì thay đổi\n")
