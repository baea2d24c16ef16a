"""The population system over TLS lets in the certificate of its security server and no other, by curl's word."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes import judges
from tests.integration.systems.population_process import HEADERS, Running, running_population

pytestmark = pytest.mark.sockets


def _certify(folder: Path, name: str) -> None:
    """A key and a self-signed certificate, as a security server's internal one is."""
    judges.openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE",
        "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("population")
    for name in ("system", "ss1", "stranger"):
        _certify(made, name)
    return made


@pytest.fixture(scope="module")
def system(folder: Path) -> Iterator[Running]:
    more = (
        f'[tls]\ncertificate = "{folder / "system.pem"}"\nkey = "{folder / "system.key"}"\n'
        f'client_authority = "{folder / "ss1.pem"}"'
    )
    with running_population(folder, as_of="2020-08-31", people=10, more=more, scheme="https") as running:
        yield running


def _curl(system: Running, folder: Path, path: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    binary = shutil.which("curl")
    if binary is None:
        pytest.skip("curl is not installed")
    headers = [word for name, value in HEADERS.items() for word in ("-H", f"{name}: {value}")]
    command = [binary, "-sS", "--noproxy", "*", "--max-time", "20", "--cacert", folder / "system.pem", *headers]
    url = f"https://127.0.0.1:{system.port}{path}"
    return subprocess.run([*map(str, (*command, *arguments)), url], capture_output=True, text=True, check=False)


def _pair(folder: Path, name: str) -> tuple[str | Path, ...]:
    return ("--cert", folder / f"{name}.pem", "--key", folder / f"{name}.key")


def test_the_security_server_is_answered(system: Running, folder: Path) -> None:
    number = system.command("own_access_links", "--first", "1").split()[0]
    done = _curl(system, folder, f"/persons/{number}", *_pair(folder, "ss1"))
    assert done.returncode == 0, done.stderr
    assert number in done.stdout


@pytest.mark.parametrize("name", ["", "stranger"])
def test_nobody_else_is_let_in(system: Running, folder: Path, name: str) -> None:
    done = _curl(system, folder, "/health", *(_pair(folder, name) if name else ()))
    assert done.returncode != 0
    assert done.stdout == ""
