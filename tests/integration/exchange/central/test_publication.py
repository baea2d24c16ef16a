"""A central server on a loopback port and a client that follows it: restarts, kills, rotation, altered answers."""

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from aiohttp import web
from tests.fakes.instances import certificate
from tests.unit.exchange.central.test_service import DECLARATION

from lienthong.cli import globalconf_verify
from lienthong.exchange.adapters.globalconf_download import ConfigurationClient, DownloadSettings, RefreshReport
from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.central.service import CentralFolder, CentralService
from lienthong.exchange.globalconf.anchor import read_anchor
from lienthong.trust.algorithms import KeyType

pytestmark = pytest.mark.sockets
HOST = "127.0.9.7"


def now() -> datetime:
    return datetime.now(UTC)


class Central:
    """A central server's folder, and the process that serves it."""

    def __init__(self, path: Path) -> None:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        self.data = path / "central"
        self.service = CentralService(CentralFolder(path=self.data), clock=now)
        self.service.initialize("VN", [f"{HOST}:{self.port}"], key_type=KeyType.EC)
        self.process: subprocess.Popen[bytes] | None = None
        (path / "auth.pem").write_bytes(certificate("auth").pem)
        (path / "ca.der").write_bytes(certificate("ca").der)
        (path / "sub.der").write_bytes(certificate("sub-ca").der)
        self.declaration = path / "vn.toml"
        self.declare(DECLARATION)
        self.anchor = read_anchor(self.service.anchor("internal"))

    def declare(self, text: str) -> None:
        addresses = f'addresses = ["{HOST}:{self.port}"]'
        text = text.replace('addresses = ["cs.example.vn:80", "127.0.9.7:8090"]', addresses)
        self.declaration.write_text(text, encoding="utf-8")
        self.service.apply(self.declaration, is_dry_run=False)

    def start(self) -> None:
        code = (
            "import sys; from pathlib import Path; from datetime import timedelta;"
            "from lienthong.exchange.central.compose import CentralConfig, serve;"
            "serve(CentralConfig(data=Path(sys.argv[1]), host=sys.argv[2], port=int(sys.argv[3]),"
            "interval=timedelta(seconds=0.2)))"
        )
        arguments = [sys.executable, "-c", code, str(self.data), HOST, str(self.port)]
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_until_healthy()

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        self.process = None
        return code

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urlopen(f"http://{HOST}:{self.port}{path}", timeout=10) as response:
                return response.status, response.read()
        except HTTPError as error:
            with error:
                return error.code, error.read()

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if self.get("/health")[0] == 200:
                    return
            except (URLError, ConnectionError):
                pass
            time.sleep(0.1)
        raise AssertionError("the central server did not become healthy")


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    made = Central(tmp_path)
    yield made
    if made.process is not None:
        made.stop(signal.SIGKILL)


def follower(central: Central, folder: GlobalConfFolder, **changed: object) -> ConfigurationClient:
    return ConfigurationClient(
        anchor=central.anchor,
        folder=folder,
        clock=now,
        settings=DownloadSettings(**changed),  # type: ignore[arg-type]
    )


def refresh(client: ConfigurationClient) -> RefreshReport:
    return asyncio.run(client.refresh())


def test_a_client_follows_a_server_through_restart_kill_and_rotation(central: Central, tmp_path: Path) -> None:
    central.start()
    assert central.get("/internalconf") == central.get("/internalconf?version=2")
    assert [central.get(f"/internalconf?version={n}")[0] for n in (2, 3, 4, 5, 6, 7, 1)] == [200] * 5 + [404] * 2
    assert central.get("/externalconf?version=6")[0] == 200
    assert central.get("/")[0] == 200  # the operators' page
    for path in ("/V6/internalconf", "/V6/..%2f..%2fcentral.sqlite3", "/token.password", "/keys"):
        assert central.get(path)[0] == 404, path

    folder = GlobalConfFolder(tmp_path / "globalconf")
    client = follower(central, folder)
    report = refresh(client)
    assert report.faults == {}
    assert report.refreshed == {"VN": f"http://{HOST}:{central.port}/internalconf"}
    held = folder.load()
    assert held.local.version == 6
    assert not held.is_expired(now())
    assert held.local.verify_next_update is False

    assert central.stop(signal.SIGKILL) == -signal.SIGKILL
    assert refresh(client).faults["VN"].code == "global_conf_download_url_connection_failure"
    assert folder.load().local == held.local

    second = central.service.add_key("internal", key_type=KeyType.EC)
    central.start()
    central.service.publish()
    assert refresh(client).faults == {}
    first = next(k.name for k in central.service.database.signing_keys() if k.kind == "internal" and k.is_active)
    central.service.activate_key(second.name)
    central.service.remove_key(first)
    central.service.publish()
    assert refresh(client).faults == {}, "the announced key is believed without a new anchor"
    fresh = follower(central, GlobalConfFolder(tmp_path / "fresh"))
    assert refresh(fresh).faults["VN"].code == "global_conf_missing_verification_cert"
    assert central.stop() == 0


def test_killed_at_any_moment_what_is_served_is_whole(central: Central, tmp_path: Path) -> None:
    anchor = tmp_path / "anchor.xml"
    anchor.write_bytes(central.service.anchor("internal"))
    for round_number in range(4):
        central.start()
        time.sleep(0.05 * round_number)
        central.stop(signal.SIGKILL)
        for version in (2, 6):
            source = str(central.data / "public" / f"V{version}")
            verdict = globalconf_verify.verify_source(anchor, source, at=now(), policy=DownloadSettings().policy)
            assert verdict.fault_code is None, verdict


def test_verify_by_url(central: Central, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    central.start()
    anchor = tmp_path / "anchor.xml"
    anchor.write_bytes(central.service.anchor("external"))
    url = f"http://{HOST}:{central.port}/"
    verdict = globalconf_verify.verify_source(anchor, url, at=now(), policy=DownloadSettings().policy)
    assert verdict.fault_code is None
    assert [part.valid for part in verdict.parts] == [True]
    later = now() + timedelta(hours=1)
    verdict = globalconf_verify.verify_source(anchor, url, at=later, policy=DownloadSettings().policy)
    assert verdict.fault_code == "global_conf_outdated"


async def _serve_altered(central: Central, folder: GlobalConfFolder, alter: str) -> RefreshReport:
    async def answer(request: web.Request) -> web.StreamResponse:
        status, body = await asyncio.to_thread(central.get, request.path_qs)
        if alter == "part" and request.path.startswith("/V"):
            body += b" "
        if alter == "directory" and request.path == "/internalconf":
            body = body.replace(b"Version: 6", b"Version: 5")
        if alter == "stall":
            await asyncio.sleep(5)
        if alter == "redirect":
            return web.Response(status=302, headers={"Location": "/elsewhere"})
        return web.Response(status=status, body=body)

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.9.8", 0)
    await site.start()
    port = runner.addresses[0][1]
    text = central.service.anchor("internal").replace(f"{HOST}:{central.port}".encode(), f"127.0.9.8:{port}".encode())
    settings = DownloadSettings(read_timeout=timedelta(seconds=0.5))
    client = ConfigurationClient(anchor=read_anchor(text), folder=folder, clock=now, settings=settings)
    try:
        return await client.refresh()
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("alter", "expected"),
    [
        ("part", "global_conf_part_downloaded_file_integrity_failure"),
        ("directory", "global_conf_signature_verification_failure"),
        ("stall", "global_conf_download_url_connection_failure"),
        ("redirect", "global_conf_download_url_connection_failure"),
    ],
)
def test_what_was_altered_on_the_way_is_not_stored(central: Central, tmp_path: Path, alter: str, expected: str) -> None:
    central.start()
    folder = GlobalConfFolder(tmp_path / "globalconf")
    report = asyncio.run(_serve_altered(central, folder, alter))
    assert report.faults["VN"].code == expected
    assert folder.instances() == ()


def test_federated_instances_need_permission(central: Central, tmp_path: Path) -> None:
    foreign = Central.__new__(Central)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        foreign.port = probe.getsockname()[1]
    foreign.data = tmp_path / "foreign"
    foreign.process = None
    foreign.service = CentralService(CentralFolder(path=foreign.data), clock=now)
    foreign.service.initialize("EE", [f"{HOST}:{foreign.port}"], key_type=KeyType.EC)
    foreign.declaration = tmp_path / "ee.toml"
    foreign.declare(DECLARATION.replace("VN", "EE").replace('"EE/GOV/1"', '"VN/GOV/1"'))
    (tmp_path / "ee.xml").write_bytes(foreign.service.anchor("external"))
    central.declare(DECLARATION.replace("trusted_anchors = []", 'trusted_anchors = ["ee.xml"]'))
    foreign.start()
    central.start()
    try:
        folder = GlobalConfFolder(tmp_path / "globalconf")
        assert set(refresh(follower(central, folder)).refreshed) == {"VN"}
        report = refresh(follower(central, folder, allowed_federations=("ee",)))
        assert set(report.refreshed) == {"VN", "EE"}
        held = folder.load()
        assert held.instances["EE"].private is None
        assert held.instances["EE"].expires is not None
        assert set(folder.stored("EE")) == {"shared-params.xml"}
        refresh(follower(central, folder))
        assert folder.instances() == ("VN",)
    finally:
        foreign.stop(signal.SIGKILL)
