"""The population system as a process of its own, on a loopback port of the test's."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

HEADERS = {
    "X-Road-Client": "VN/GOV/000.00.00.H10/onestop",
    "X-Road-Id": "m1",
    "X-Road-UserId": "H10.cb1",
    "X-Road-Issue": "HS-1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A system that answers."""

    port: int
    config: Path
    seconds: float
    """From start to ready."""

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def command(self, *arguments: str) -> str:
        """What a management command prints."""
        environment = {
            "LIENTHONG_SYSTEM_CONFIG": str(self.config),
            "DJANGO_SETTINGS_MODULE": "lienthong.systems.population.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", "django", *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout


@contextmanager
def running_population(
    folder: Path, *, as_of: str, people: int = 60, more: str = "", scheme: str = "http"
) -> Iterator[Running]:
    """Start the system in *folder*, wait until it says it is ready, stop it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "population.toml"
    config.write_text(
        f'data_folder = "data"\nport = {port}\nas_of = {as_of}\n{more}\n[population]\nseed = 2020\npeople = {people}\n'
    )
    began = monotonic()
    command = [sys.executable, "-m", "lienthong.systems.population", "--config", str(config)]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == f"population ready on {scheme}://127.0.0.1:{port}\n", (folder / "log").read_text()
            yield Running(port=port, config=config, seconds=monotonic() - began)
        finally:
            process.terminate()
            process.wait(timeout=10)
