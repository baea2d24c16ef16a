"""Other people's tools that judge what we issue: openssl, pkilint, axe-core; absent ones are skipped by name."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.shared import ROOT


def openssl(*arguments: str | Path, stdin: bytes = b"") -> str:
    """Run openssl; its words on both streams. Fails where it fails."""
    binary = shutil.which("openssl")
    if binary is None:
        pytest.skip("openssl is not installed")
    done = subprocess.run([binary, *map(str, arguments)], input=stdin, capture_output=True, check=False)
    words = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, words
    return words


def pkilint(linter: str, path: Path, *, command: tuple[str, ...] = ("lint",)) -> list[str]:
    """Findings of ERROR and above that a pkilint program has about a file."""
    program = ROOT / ".venv-judges" / "bin" / linter
    if not program.exists():
        pytest.skip(f"pkilint ({linter}) is not installed: make judges")
    done = subprocess.run([program, *command, "-s", "ERROR", path], capture_output=True, check=False)
    words = (done.stdout + done.stderr).decode(errors="replace")
    assert "Traceback" not in words, words
    return [line for line in words.splitlines() if line.strip()]


def axe_core() -> str:
    """The script of axe-core; a page that holds it can be asked what WCAG finds wrong with it."""
    found = sorted((ROOT / ".venv-judges").glob("lib/python3*/site-packages/axe_playwright_python/axe.min.js"))
    if not found:
        pytest.skip("axe-core is not installed: make judges")
    return found[-1].read_text("utf-8")
