"""The central server's HTTPS port, judged by other people's clients: curl and openssl."""

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.fakes import judges

from lienthong.exchange.central.service import CentralFolder, CentralService
from lienthong.trust.algorithms import KeyType

pytestmark = pytest.mark.sockets
HOST = "127.82.34.3"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Served:
    """A central server that speaks HTTPS, and the certificate that its clients trust."""

    def __init__(self, folder: Path) -> None:
        self.trusted = folder / "certificate.pem"
        key = folder / "key.pem"
        judges.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=central", "-addext", f"subjectAltName=IP:{HOST}", "-keyout", key, "-out", self.trusted,
        )  # fmt: skip
        both = folder / "both.pem"
        both.write_bytes(self.trusted.read_bytes() + key.read_bytes())
        data = folder / "central"
        service = CentralService(CentralFolder(path=data), clock=lambda: datetime.now(UTC))
        service.initialize("VN", [HOST], key_type=KeyType.EC)
        self.plain, self.secured = free_port(), free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lienthong.cli.main", "central", "serve", "--data", data, "--listen",
             f"{HOST}:{self.plain}", "--tls-port", str(self.secured), "--tls-certificate", both],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((HOST, self.secured), timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the central server opened no HTTPS port")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    made = Served(tmp_path_factory.mktemp("central"))
    try:
        made.wait()
        yield made
    finally:
        made.process.terminate()
        made.process.wait(timeout=20)


def curl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    binary = shutil.which("curl")
    if binary is None:
        pytest.skip("curl is not installed")
    command = [binary, "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_curl_gets_the_same_answer_over_both_ports(served: Served) -> None:
    secured = curl("--cacert", served.trusted, f"https://{HOST}:{served.secured}/health")
    plain = http.client.HTTPConnection(HOST, served.plain, timeout=20)
    plain.request("GET", "/health")
    assert secured.returncode == 0, secured.stderr
    assert secured.stdout == plain.getresponse().read().decode()
    plain.close()


def test_curl_trusts_nobody_else(served: Served) -> None:
    assert curl(f"https://{HOST}:{served.secured}/health").returncode == 60  # not verified by the certificates it knows


@pytest.mark.parametrize(("version", "expected"), [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_openssl_agrees_on_a_version_and_verifies(served: Served, version: str, expected: str) -> None:
    told = judges.openssl(
        "s_client", "-connect", f"{HOST}:{served.secured}", version, "-CAfile", served.trusted,
        "-verify_return_error", "-verify_ip", HOST, "-brief", stdin=b"Q\n",
    )  # fmt: skip
    assert f"Protocol version: {expected}" in told
    assert "Verification: OK" in told


def test_versions_that_nobody_should_speak_are_refused(served: Served) -> None:
    with pytest.raises(AssertionError, match=r"Cipher is \(NONE\)"):
        judges.openssl(
            "s_client", "-connect", f"{HOST}:{served.secured}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", stdin=b"Q\n"
        )


@pytest.mark.parametrize("given", [("--tls-port", "8443"), ("--tls-certificate", "both.pem")])
def test_half_a_setting_is_refused(tmp_path: Path, given: tuple[str, str]) -> None:
    command = [sys.executable, "-m", "lienthong.cli.main", "central", "serve", "--data", tmp_path, *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "come together" in done.stderr
