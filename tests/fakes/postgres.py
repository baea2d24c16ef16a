"""A PostgreSQL server of its own for a test, on a socket in a temporary folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server, yield how to connect to it, stop it and remove its files."""
    programs, prefix = _programs(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if prefix:
            shutil.chown(folder, "postgres")
        data = folder / "data"
        initdb = programs / "initdb"
        _run([*prefix, initdb, "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--no-sync"], folder)
        options = f"-c listen_addresses='' -k {folder}"
        pg_ctl: list[str | Path] = [*prefix, programs / "pg_ctl", "-D", data]
        _run([*pg_ctl, "-w", "-l", folder / "log", "-o", options, "start"], folder)
        try:
            yield f"host={folder} user=test dbname=postgres"
        finally:
            _run([*pg_ctl, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
