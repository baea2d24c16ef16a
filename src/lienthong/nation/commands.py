"""Runs the commands that an operator would type; a country is made by nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lienthong.nation.errors import CommandError

LIENTHONG = (sys.executable, "-m", "lienthong.cli.main")


def lienthong(*words: str, folder: Path) -> str:
    """Run one command in *folder* and return what it printed; raises CommandError."""
    return run_program(*LIENTHONG, *words, folder=folder)


def run_program(*command: str, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a program in *folder* and return what it printed; raises CommandError."""
    done = subprocess.run(  # noqa: S603 - no shell, words of our own
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode != 0:
        raise CommandError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def python_command(*words: str) -> tuple[str, ...]:
    """A command of this very Python."""
    return (sys.executable, *words)
