"""A PostgreSQL server of its own for a test, on a socket in a temporary folder."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("PostgreSQL server programs are not installed (Debian: postgresql)")
    return found[-1].parent


def _unprivileged() -> list[str]:
    if os.geteuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("root needs the user postgres to run PostgreSQL")
    return ["runuser", "-u", "postgres", "--"]


def _run(command: list[str | Path], folder: Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)


@dataclass(frozen=True)
class Postgres:
    """A server in a folder of its own."""

    folder: Path
    _pg_ctl: tuple[str | Path, ...]

    @property
    def conninfo(self) -> str:
        """How to connect to it."""
        return f"host={self.folder} user=test dbname=postgres"

    def start(self) -> None:
        """Start it and wait until it answers, recovery included."""
        options = f"-c listen_addresses='' -k {self.folder}"
        _run([*self._pg_ctl, "-w", "-l", self.folder / "log", "-o", options, "start"], self.folder)

    def kill(self) -> None:
        """kill -9 of the postmaster and all it forked."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = [int(pid) for pid in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]
        for pid in (postmaster, *children):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            time.sleep(0.01)  # the next postmaster waits for nobody: it refuses while one of them holds shared memory

    def stop(self) -> None:
        """End it at once, if it runs."""
        with suppress(subprocess.CalledProcessError):
            _run([*self._pg_ctl, "-m", "immediate", "stop"], self.folder)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start a server, stop it and remove its files in the end."""
    programs, prefix = _programs(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if prefix:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        initdb = programs / "initdb"
        _run([*prefix, initdb, "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync"], folder)
        server = Postgres(folder, (*prefix, programs / "pg_ctl", "-D", data))
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server, yield how to connect to it, stop it and remove its files."""
    with postgres_server() as server:
        yield server.conninfo
