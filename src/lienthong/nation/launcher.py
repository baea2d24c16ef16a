"""Starts the processes of a country, waits until each is ready, stops them all and leaves nothing running."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lienthong.nation.topology import Network

READY_S = 60.0
STOP_S = 20.0
POLL_S = 0.05


class LaunchError(Exception):
    """A process did not become ready; the text holds the end of its log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPlan:
    """A process of the country."""

    name: str
    """For people, and of its log file."""
    command: Sequence[str]
    """Program and arguments."""
    health: str
    """URL that answers 200 once the process is ready."""


@dataclass(slots=True)
class Launcher:
    """The running processes, in the order in which they were started."""

    folder: Path
    """Where logs and process ids go."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, plan: ProcessPlan) -> None:
        """Start a process in a session of its own; its output goes to ``logs/<name>.log``."""
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{plan.name}.log").open("ab") as log:
            self.running[plan.name] = subprocess.Popen(  # noqa: S603 - our own program, no shell
                list(plan.command),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self._write_ids()

    def await_ready(self, plan: ProcessPlan, *, within_s: float = READY_S) -> None:
        """Wait for the health address; raises LaunchError when the process ends or takes too long."""
        deadline = time.monotonic() + within_s
        while not is_healthy(plan.health):
            process = self.running[plan.name]
            if process.poll() is not None:
                raise LaunchError(f"{plan.name} ended with code {process.returncode}:\n{self._tail(plan.name)}")
            if time.monotonic() > deadline:
                raise LaunchError(f"{plan.name} is not ready after {within_s:.0f} s:\n{self._tail(plan.name)}")
            time.sleep(POLL_S)

    def kill(self, name: str) -> None:
        """Kill a process and everything it forked, as a power cut would."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._write_ids()

    def stop_all(self) -> None:
        """Ask every process to stop, the last started first; kill what does not."""
        for process in reversed(self.running.values()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()
        (self.folder / "processes").unlink(missing_ok=True)

    def _write_ids(self) -> None:
        lines = [f"{name} {process.pid}\n" for name, process in self.running.items()]
        (self.folder / "processes").write_text("".join(lines), "utf-8")

    def _tail(self, name: str) -> str:
        text = (self.folder / "logs" / f"{name}.log").read_text("utf-8", "replace")
        return "\n".join(text.splitlines()[-15:])


def is_healthy(url: str) -> bool:
    """Whether a health address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback addresses of our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_network() -> Network:
    """The first country number whose every address and port is free on this machine."""
    for number in range(256):
        if all(_is_free(host, port) for host, port in Network(number).listening()):
            return Network(number)
    raise LaunchError("no loopback network 127.82.x.0/24 has all its ports free")


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def python_command(*words: str) -> tuple[str, ...]:
    """A command of this very Python."""
    return (sys.executable, *words)
