"""Runs the commands that an operator would type; a country is made by nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LIENTHONG = (sys.executable, "-m", "lienthong.cli.main")


class CommandError(Exception):
    """A command failed; the text holds what it said."""


def lienthong(*words: str, folder: Path) -> str:
    """Run one command in *folder* and return what it printed; raises CommandError."""
    done = subprocess.run(  # noqa: S603 - our own program, no shell
        [*LIENTHONG, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode != 0:
        raise CommandError(f"lienthong {' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout
