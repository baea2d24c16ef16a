"""Starts the processes of a country, waits until each is ready, stops them all and leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lienthong.nation.errors import LaunchError
from lienthong.nation.plan import ProcessPlan
from lienthong.nation.process_records import (
    RECORDS_FILE,
    ProcessRecord,
    Records,
    is_alive,
    members,
    read_records,
    record_of,
    write_records,
)
from lienthong.nation.topology import CLAIM_HOST, CLAIM_PORT, Network

READY_S = 60.0
STOP_S = 20.0
POLL_S = 0.05
NETWORKS = range(31)
"""Loopback networks a country may take: 127.82.0.0/24 and those after it; the rest is left to tests."""


@dataclass(slots=True)
class Launcher:
    """Starts and stops the processes of one country; which ones run is read from its folder each time."""

    folder: Path
    """Where logs and records go; absolute, without links."""
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def take_over(self) -> None:
        """Note that this process is the one to tell when all shall stop."""
        records = read_records(self.folder)
        write_records(self.folder, msgspec.structs.replace(records, launcher=record_of("launcher", os.getpid())))

    def leave(self) -> None:
        """Leave the country running without this process."""
        write_records(self.folder, msgspec.structs.replace(read_records(self.folder), launcher=None))

    def is_mine(self) -> bool:
        """Whether this process is still the one that stops all."""
        launcher = read_records(self.folder).launcher
        return launcher is not None and launcher.pid == os.getpid()

    def start(self, plan: ProcessPlan, *, command: Iterable[str] = ()) -> None:
        """Start a process in a session of its own; its output goes to ``logs/<name>.log``.

        Args:
            command: Instead of the plan's own.
        """
        logs = self.folder / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{plan.name}.log").open("ab") as log:
            child = subprocess.Popen(  # noqa: S603 - our own program, no shell
                list(command) or list(plan.command),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        self._children.append(child)
        record = record_of(plan.name, child.pid)
        if record is not None:
            self._keep(plan.name, record)

    def await_ready(self, plan: ProcessPlan, *, within_s: float = READY_S) -> None:
        """Wait for the health address; raises LaunchError when the process ends or takes too long."""
        deadline = time.monotonic() + within_s
        while not is_healthy(plan.health):
            if not self.is_running(plan.name):
                raise LaunchError(f"{plan.name} has ended:\n{self._tail(plan.name)}")
            if time.monotonic() > deadline:
                raise LaunchError(f"{plan.name} is not ready after {within_s:.0f} s:\n{self._tail(plan.name)}")
            time.sleep(POLL_S)

    def is_running(self, name: str) -> bool:
        """Whether the process of this name runs."""
        record = self._record(name)
        return record is not None and is_alive(record)

    def members(self, name: str) -> list[int]:
        """Numbers of a process and of all that it forked."""
        record = self._record(name)
        return [] if record is None else members(record, self.folder)

    def kill(self, name: str) -> None:
        """Kill a process and everything it forked, as a power cut would."""
        record = self._record(name)
        if record is not None:
            self._end([record], signal.SIGKILL)
            self._keep(name, None)

    def stop(self, name: str) -> None:
        """Ask a process to stop; kill what does not."""
        record = self._record(name)
        if record is not None:
            self._end([record], signal.SIGTERM)
            self._keep(name, None)

    def bring_down(self) -> int:
        """Stop the country from outside: tell its launcher first, then stop what is left; returns how many ran."""
        records = read_records(self.folder)
        count = sum(bool(members(record, self.folder)) for record in records.processes)
        if records.launcher is not None and is_alive(records.launcher):
            _send(signal.SIGTERM, records.launcher.pid)
            deadline = time.monotonic() + STOP_S + READY_S
            while is_alive(records.launcher) and time.monotonic() < deadline:
                time.sleep(POLL_S)
        self.stop_all()
        return count

    def stop_all(self) -> None:
        """Stop every process, the last started first, whoever started it."""
        records = read_records(self.folder).processes
        running = [record for record in reversed(records) if members(record, self.folder)]
        self._end(running, signal.SIGTERM)
        (self.folder / RECORDS_FILE).unlink(missing_ok=True)

    def _end(self, records: list[ProcessRecord], wanted: signal.Signals) -> None:
        for record in records:
            if is_alive(record):
                _send(wanted, record.pid)
        deadline = time.monotonic() + (STOP_S if wanted is signal.SIGTERM else 0)
        while left := [pid for record in records for pid in members(record, self.folder)]:
            if time.monotonic() > deadline:
                _send(signal.SIGKILL, *left)
            time.sleep(POLL_S)
            self._reap()
        self._reap()

    def _reap(self) -> None:
        self._children = [child for child in self._children if child.poll() is None]

    def _record(self, name: str) -> ProcessRecord | None:
        return next((record for record in read_records(self.folder).processes if record.name == name), None)

    def _keep(self, name: str, record: ProcessRecord | None) -> None:
        records: Records = read_records(self.folder)
        others = tuple(each for each in records.processes if each.name != name)
        kept = others if record is None else (*others, record)
        write_records(self.folder, msgspec.structs.replace(records, processes=kept))

    def _tail(self, name: str) -> str:
        text = (self.folder / "logs" / f"{name}.log").read_text("utf-8", "replace")
        return "\n".join(text.splitlines()[-15:])


def _send(wanted: signal.Signals, *pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, wanted)


def is_healthy(url: str) -> bool:
    """Whether a health address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback addresses of our own
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def is_open(door: tuple[str, int]) -> bool:
    """Whether something listens on an address and port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(door) == 0


@contextmanager
def claimed_network() -> Iterator[Network]:
    """The first country number whose every address and port is free on this machine; nobody else gets it meanwhile.

    Raises:
        LaunchError: none is free.
    """
    for number in NETWORKS:
        network = Network(number)
        claim = _claim(network)
        if claim is not None:
            with claim:
                yield network
            return
    raise LaunchError(f"no loopback network 127.82.0.0/24 … 127.82.{NETWORKS[-1]}.0/24 has all its ports free")


def _claim(network: Network) -> socket.socket | None:
    try:
        claim = socket.create_server((network.address(CLAIM_HOST), CLAIM_PORT))
    except OSError:
        return None
    if all(_is_free(host, port) for host, port in network.listening()):
        return claim
    claim.close()
    return None


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
