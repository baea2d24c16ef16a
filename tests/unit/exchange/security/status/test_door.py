import asyncio
import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.fakes import instance_seen as seen
from tests.fakes.server_folder import write_folder

from lienthong.exchange.security.control import Control, Cycle
from lienthong.exchange.security.material import read_settings
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.status import Watch, status_door, summarize
from lienthong.exchange.serverconf.settings import Settings
from lienthong.exchange.transport.http import HttpRequest, HttpResponse, Peer


class NoBody:
    entity = False

    def __aiter__(self) -> "NoBody":
        return self

    async def __anext__(self) -> bytes:
        raise StopAsyncIteration

    async def read(self, limit: int) -> bytes:
        return b""

    def take_whole(self, limit: int) -> bytes | None:
        return b""

    async def wait_first(self) -> bool:
        return False


@dataclass
class Process:
    paths: DataPaths
    settings: Settings
    control: Control | None = None


async def _nothing() -> str:
    return "nothing"


def process(tmp_path: Path) -> Process:
    paths = write_folder(tmp_path / "ss1", seen.globalconf(), port=9, ocsp_port=9)
    cycle = Cycle("ocsp", _nothing, timedelta, timedelta)
    control = Control(lambda: seen.NOW, {"ocsp": cycle}, status=dict)
    control.ready.add(0)
    return Process(paths, read_settings(paths), control)


def ask(running: Process, target: str, *, method: str = "GET", late: timedelta = timedelta(0)) -> HttpResponse:
    async def go() -> HttpResponse:
        door = status_door(running, clock=lambda: seen.NOW + late)
        headers = [(b"Accept-Language", b"en")]
        return await door(
            HttpRequest(method=method, target=target.encode(), headers=headers, body=NoBody(), peer=Peer(address=""))
        )

    return asyncio.run(go())


def test_health_is_200_while_messages_can_pass(tmp_path: Path) -> None:
    running = process(tmp_path)
    good = ask(running, "/health")
    assert (good.status, json.loads(bytes(good.body))["reasons"]) == (200, [])
    late = ask(running, "/health?x=1", late=timedelta(hours=2))
    reasons = {each["reason"] for each in json.loads(bytes(late.body))["reasons"]}
    assert (late.status, reasons) == (503, {"configuration_expired", "authentication", "signer"})
    running.control = None
    assert ask(running, "/health").status == 503


def test_pages_by_language_and_figures(tmp_path: Path) -> None:
    running = process(tmp_path)
    assert b'<html lang="en">' in bytes(ask(running, "/").body)
    page = ask(running, "/?lang=vi")
    assert b'<html lang="vi">' in bytes(page.body)
    assert any(name == b"Content-Security-Policy" for name, _ in page.headers)
    assert bytes(ask(running, "/metrics").body).endswith(b"# EOF\n")


def test_it_only_shows(tmp_path: Path) -> None:
    running = process(tmp_path)
    assert ask(running, "/", method="POST").status == 405
    assert ask(running, "/nothing").status == 404


def test_the_disk_is_read_again_after_a_cycle(tmp_path: Path) -> None:
    running = process(tmp_path)
    watch = Watch(running)
    assert summarize(watch.facts_at_once(seen.NOW))["healthy"] == "yes"
    for file in running.paths.ocsp.iterdir():
        file.unlink()
    assert summarize(watch.facts_at_once(seen.NOW))["healthy"] == "yes"
    assert running.control is not None
    running.control.cycles["ocsp"].last_good = seen.NOW
    assert summarize(watch.facts_at_once(seen.NOW))["healthy"] == "no"
    assert summarize(asyncio.run(watch.facts(seen.NOW + timedelta(seconds=11))))["healthy"] == "no"
