import argparse
import asyncio
import json
from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes.server_folder import Peer, answering_peer, write_folder

from lienthong.cli.exchange_explain import add_arguments, run
from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.adapters.tls import TlsVersions
from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.security.explain import Explanation, Outcome, Step, explain_inside
from lienthong.exchange.security.explain.verdicts import Verdict
from lienthong.exchange.security.material import read_settings
from lienthong.exchange.security.paths import DataPaths
from lienthong.exchange.security.status.facts import Use
from lienthong.exchange.security.status.watch import read_disk

pytestmark = pytest.mark.sockets

NOWHERE = Peer(9, 9)
"""Nobody listens there on loopback."""


def conf() -> GlobalConfSet:
    return seen.globalconf(
        seen.server(seen.OWN, "ss1", "127.0.1.1", seen.ONESTOP),
        seen.server(seen.OTHER, "ss2", "127.0.1.2", seen.POPULATION),
    )


async def explain(paths: DataPaths) -> dict[Step, Verdict]:
    explanation: Explanation = await explain_inside(paths, seen.question(), clock=lambda: seen.NOW)
    return {verdict.step: verdict for verdict in explanation.verdicts}


async def _all_is_well(tmp_path: Path, versions: TlsVersions) -> None:
    async with answering_peer(versions=versions) as peer:
        paths = write_folder(tmp_path / "ss1", conf(), port=peer.port, ocsp_port=peer.ocsp_port)
        verdicts = await explain(paths)
    refused = [verdict for verdict in verdicts.values() if verdict.outcome is Outcome.REFUSES]
    assert [verdict.reason for verdict in refused] == ["running.no"]
    assert verdicts[Step.HANDSHAKE].reason == "handshake.good"
    assert verdicts[Step.CERTIFICATE].reason == "certificate.peer"
    assert verdicts[Step.OCSP].reason == "ocsp.good"
    assert verdicts[Step.TIMESTAMPING].outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("versions", [TlsVersions.ONLY_1_2, TlsVersions.BOTH])
def test_only_the_server_itself_is_missing(tmp_path: Path, versions: TlsVersions) -> None:
    asyncio.run(_all_is_well(tmp_path, versions))


async def _as_a_stranger(tmp_path: Path, versions: TlsVersions) -> None:
    async with answering_peer(versions=versions) as peer:
        paths = write_folder(tmp_path / "ss1", conf(), port=peer.port, ocsp_port=peer.ocsp_port)
        for path in (paths.data / "tokens").glob("authentication*"):
            path.unlink()
        verdicts = await explain(paths)
    assert verdicts[Step.AUTHENTICATION].outcome is Outcome.REFUSES
    assert verdicts[Step.HANDSHAKE].reason == "handshake.refused_stranger"
    assert verdicts[Step.CERTIFICATE].reason == "certificate.peer"
    assert verdicts[Step.OCSP].reason == "ocsp.good"


@pytest.mark.parametrize("versions", [TlsVersions.ONLY_1_2, TlsVersions.BOTH])
def test_a_stranger_still_sees_the_certificate(tmp_path: Path, versions: TlsVersions) -> None:
    asyncio.run(_as_a_stranger(tmp_path, versions))


async def _broken_peers(tmp_path: Path) -> None:
    async with answering_peer(has_ocsp=False) as peer:
        silent = await explain(write_folder(tmp_path / "a", conf(), port=peer.port, ocsp_port=peer.ocsp_port))
        plain = await explain(write_folder(tmp_path / "b", conf(), port=peer.ocsp_port, ocsp_port=peer.ocsp_port))
    assert silent[Step.OCSP].reason == "ocsp.none"
    assert plain[Step.HANDSHAKE].reason == "handshake.no_tls"
    nowhere = await explain(write_folder(tmp_path / "c", conf(), port=NOWHERE.port, ocsp_port=NOWHERE.ocsp_port))
    assert nowhere[Step.REACHABLE].reason == "reachable.no"


def test_peers_that_do_not_answer_as_they_should(tmp_path: Path) -> None:
    asyncio.run(_broken_peers(tmp_path))


def test_a_folder_without_configuration_or_settings(tmp_path: Path) -> None:
    paths = write_folder(tmp_path / "ss1", conf(), port=9, ocsp_port=9)
    (paths.globalconf / "instance-identifier").unlink()
    verdicts = asyncio.run(explain(paths))
    assert verdicts[Step.CONFIGURATION].reason == "configuration.absent"
    assert verdicts[Step.SIGNER].outcome is Outcome.UNTRIED
    with pytest.raises(ConfigurationError):
        asyncio.run(explain(DataPaths(tmp_path)))


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = write_folder(tmp_path / "ss1", conf(), port=9, ocsp_port=9)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="vi", color=False)
    words = ["--from", "/".join(seen.ONESTOP.parts), "--to", "/".join(seen.CITIZENS.parts), "--data"]
    assert run(parser.parse_args([*words, str(paths.data), "--json"])) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["first_refusal"] == "running"
    assert run(parser.parse_args([*words, str(paths.data)])) == 1
    assert ">> x Máy chủ bảo mật của ta đang chạy" in capsys.readouterr().out
    assert run(parser.parse_args([*words, str(tmp_path)])) == 2
    assert run(parser.parse_args([*words[:3], "population", "--data", str(paths.data), "--json"])) == 2


def test_the_status_page_reads_the_same_folder(tmp_path: Path) -> None:
    paths = write_folder(tmp_path / "ss1", conf(), port=9, ocsp_port=9)
    settings = read_settings(paths)
    disk = read_disk(settings, GlobalConfFolder(paths.globalconf), seen.NOW)
    assert disk.has_configuration
    assert [(key.use, key.problem_at(seen.NOW)) for key in disk.keys] == [
        (Use.AUTHENTICATION, ""),
        (Use.SIGNING, ""),
        (Use.SIGNING, ""),
    ]
    (paths.data / "password").unlink()
    assert all(key.problem for key in read_disk(settings, GlobalConfFolder(paths.globalconf), seen.NOW).keys)
    (paths.globalconf / "instance-identifier").unlink()
    assert not read_disk(settings, GlobalConfFolder(paths.globalconf), seen.NOW).has_configuration
