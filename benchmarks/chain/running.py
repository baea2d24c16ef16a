"""Starts processes, waits until their health address answers, ends them."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

READY_S = 60.0


class Processes:
    """Processes by name, in the order in which they were started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def pid(self, name: str) -> int:
        """Of a running one."""
        return self._running[name].pid

    def start(self, name: str, command: Sequence[str], *, health: str) -> None:
        """Start one and wait until it is ready; its output goes to ``<name>.log``."""
        log = self._folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(command, cwd=self._folder, stdout=output, stderr=output)
        self._running[name] = process
        deadline = time.monotonic() + READY_S
        while not _is_healthy(health):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{name} did not become ready:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self, *names: str) -> None:
        """End those named, or all."""
        for name in names or tuple(reversed(self._running)):
            process = self._running.pop(name)
            process.terminate()
            process.wait()


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
