"""The whole of it at once: a country boots from an empty folder, its story holds, and nothing is left running."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from lienthong.nation import story

pytestmark = [pytest.mark.sockets, pytest.mark.slow]
LIENTHONG = (sys.executable, "-m", "lienthong.cli.main", "nation")
PLAIN = tuple(scene.__name__ for scene in story.PLAIN)
FULL = tuple(scene.__name__ for scene in story.FULL)


def nation(*words: str, folder: Path, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run one of the commands beside the country's folder."""
    command = [*LIENTHONG, *words, "--folder", folder.name]
    return subprocess.run(
        command, cwd=folder.parent, env=environ, capture_output=True, text=True, timeout=400, check=False
    )


def running_in(folder: Path) -> Sequence[str]:
    """Processes that work in the folder or below."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and Path(os.readlink(entry / "cwd")).is_relative_to(folder):
                found.append((entry / "cmdline").read_text("utf-8").replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.parametrize(
    ("day", "words", "told_by", "named"),
    [
        ("2020-08-31", ["--full"], FULL, "People's Committee of Binh Phuoc Province"),
        ("2025-07-01", [], PLAIN, "People's Committee of Dong Nai Province"),
    ],
    ids=["63-provinces-full", "34-provinces-plain"],
)
def test_the_story_holds_and_nothing_stays_behind(
    tmp_path: Path, day: str, words: list[str], told_by: Sequence[str], named: str
) -> None:
    told = nation("story", "--once", "--json", "--as-of", day, *words, folder=tmp_path / "country")
    assert told.returncode == 0, told.stdout + told.stderr
    lines = json.loads(told.stdout)["lines"]
    assert [line["name"] for line in lines if line["held"]] == ["boot", *told_by]
    by_name = {line["name"]: line["text"] for line in lines}
    assert named in by_name["identity_verified"]
    assert named in by_name["readers_listed"]
    assert not (tmp_path / "country" / "processes.json").exists()
    assert running_in(tmp_path) == []


def test_down_finds_everything_after_the_launcher_was_killed(tmp_path: Path) -> None:
    country = tmp_path / "country"
    command = [*LIENTHONG, "up", "--folder", "country"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as launcher:
        deadline = time.monotonic() + 120
        while nation("status", folder=country).stdout.count("healthy") < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        launcher.send_signal(signal.SIGKILL)
    assert running_in(tmp_path) != []
    assert nation("status", folder=country).returncode == 1
    stopped = nation("down", "--remove", "--json", folder=country)
    assert stopped.returncode == 0, stopped.stderr
    assert json.loads(stopped.stdout)["stopped"] >= 2
    assert running_in(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
