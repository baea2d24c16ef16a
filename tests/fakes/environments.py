"""Fresh Python environments, and ways to run a program in them with the network cut."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

NO_INDEX = ("No matching distribution found", "Temporary failure in name resolution", "NewConnectionError")
"""What pip says where no package index can be reached."""
DEAD_PROXY = "http://127.0.0.1:9"
"""Nothing listens on the discard port."""


def run(*words: str | Path, expect: int = 0, cwd: Path | None = None, network: bool = True) -> str:
    """Run a program, demand its exit code, and return its words on both streams."""
    prefix, environment = ((), dict(os.environ)) if network else cut_network()
    done = subprocess.run(
        [*prefix, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd, env=environment
    )
    words_said = done.stdout + done.stderr
    assert done.returncode == expect, words_said
    return words_said


def cut_network() -> tuple[tuple[str, ...], dict[str, str]]:
    """Words to put in front of a command, and its environment: an empty network namespace, else proxies to nowhere."""
    dead = {name: DEAD_PROXY for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
    environment = {**os.environ, **dead, "PIP_NO_INDEX": "1"}
    return (("unshare", "-rn"), environment) if has_namespaces() else ((), environment)


def has_namespaces() -> bool:
    """Whether this user may make a network namespace."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False).returncode == 0


def fresh_environment(folder: Path) -> Path:
    """An empty virtual environment with pip; its Python."""
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def fetch(*words: str | Path) -> str:
    """Run a command that needs the package index; skip the test, saying so, where no index can be reached."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode and any(sign in said for sign in NO_INDEX):
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, said
    return said
