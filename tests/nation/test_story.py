"""The whole of it at once: a country boots from an empty folder, its story holds, and nothing is left running."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.sockets
@pytest.mark.slow
def test_the_story_holds_and_nothing_stays_behind(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "lienthong.cli.main", "nation", "story", "--story", "once", "--folder", "country"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count("✓") == 10
    assert not (tmp_path / "country" / "processes").exists()
    running = [Path(entry, "cwd") for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    assert [link for link in running if _is_below(link, tmp_path)] == []


def _is_below(link: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(link)).is_relative_to(folder)
    except OSError:
        return False
