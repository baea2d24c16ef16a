"""A PostgreSQL cluster for one test, in a folder of its own, reached through a socket in that folder."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str:
    found = shutil.which(name) or next(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), None)
    if found is None:
        pytest.skip("Debian package postgresql is not installed")
    return found


@contextmanager
def postgresql() -> Iterator[Path]:
    """The socket folder of a fresh cluster with the database ``population`` and the role ``population``."""
    initdb, control = _program("initdb"), _program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        try:
            entry = pwd.getpwnam(user)
        except KeyError:
            pytest.skip("the user postgres does not exist, and the server does not run as root")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    data = str(folder / "data")

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, capture_output=True)

    run(initdb, "-D", data, "-U", "population", "--auth=trust", "-N", "--locale=C.UTF-8", "-E", "UTF8")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run(control, "-D", data, "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        run(_program("createdb"), "-h", str(folder), "-U", "population", "population")
        yield folder
    finally:
        run(control, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
