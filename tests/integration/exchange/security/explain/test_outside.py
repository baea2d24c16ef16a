import argparse
import asyncio
import json
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from aiohttp import web
from tests.fakes import instance_seen as seen
from tests.fakes import instances
from tests.fakes.server_folder import answering_peer

from lienthong.cli.exchange_explain import add_arguments, run
from lienthong.exchange.central.confgen import SigningMaterial, generate
from lienthong.exchange.central.publication import PublicFolder
from lienthong.exchange.central.registry import RegisteredServer, Registry, make_anchor
from lienthong.exchange.central.web import make_application
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import write_anchor
from lienthong.exchange.security.explain import Explanation, Outcome, Step, explain_outside
from lienthong.exchange.security.explain.probes import Dial

pytestmark = pytest.mark.sockets

NUMBERS = count(1)
STRANGERS = {Step.CLIENT, Step.CONNECTION, Step.AUTHENTICATION, Step.TIMESTAMPING, Step.SIGNER, Step.HANDSHAKE}
STRANGERS |= {Step.SERVICE, Step.ACCESS, Step.DISABLED, Step.PURPOSE}


def registry(central: str) -> Registry:
    shared = seen.globalconf().local.shared
    servers = (
        RegisteredServer(
            id=seen.OTHER,
            address="127.0.1.2",
            auth_certificates=(seen.certificate("ss2").der,),
            clients=(seen.POPULATION,),
        ),
        RegisteredServer(
            id=seen.OWN,
            address="127.0.1.1",
            auth_certificates=(seen.certificate("ss1").der,),
            clients=(seen.ONESTOP,),
        ),
    )
    return instances.registry(
        addresses=(central,), members=shared.members, servers=servers, groups=(), approved_cas=shared.approved_cas
    )


async def explain(tmp_path: Path, *, late: timedelta = timedelta(0)) -> tuple[Explanation, bytes]:
    """A central server and one provider's server on loopback, and a stranger with an anchor."""
    public = PublicFolder(tmp_path / "public")
    runner = web.AppRunner(make_application(public, clock=lambda: seen.NOW))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.9.7", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        known, keys = registry(f"{host}:{port}"), instances.key_entries()
        material = SigningMaterial(
            entries=keys, open_key=instances.signing_key, make_boundary=lambda: f"boundary{next(NUMBERS)}"
        )
        public.publish(generate(known, material, now=seen.NOW), now=seen.NOW)
        anchor = write_anchor(make_anchor(known, keys, "internal", seen.NOW))
        async with answering_peer() as peer:
            dial = Dial(port=peer.port, ocsp_port=peer.ocsp_port, clock=lambda: seen.NOW + late)
            return await explain_outside(anchor, seen.question(), dial), anchor
    finally:
        await runner.cleanup()


def test_a_stranger_names_what_cannot_be_known(tmp_path: Path) -> None:
    explanation, _ = asyncio.run(explain(tmp_path))
    outcomes = {verdict.step: verdict.outcome for verdict in explanation.verdicts}
    assert {step for step, outcome in outcomes.items() if outcome is Outcome.UNKNOWN} == STRANGERS
    assert {outcome for step, outcome in outcomes.items() if step not in STRANGERS} == {Outcome.PASSES}
    assert explanation.first_refusal is None


def test_a_configuration_that_cannot_be_believed(tmp_path: Path) -> None:
    explanation, _ = asyncio.run(explain(tmp_path, late=timedelta(days=1)))
    first = explanation.first_refusal
    assert first is not None
    assert first.reason == "configuration.unfetched"
    assert "expired" in str(first.values["detail"])


def test_an_anchor_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dial = Dial(clock=lambda: seen.NOW)
    with pytest.raises(Fault):
        asyncio.run(explain_outside(b"<x/>", seen.question(), dial))
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="en", color=False)
    words = ["--from", "VN/GOV/H10/onestop", "--to", "VN/GOV/G01/population/citizens", "--json", "--anchor"]
    assert run(parser.parse_args([*words, str(tmp_path / "none.xml")])) == 2
    assert run(parser.parse_args([*words, "http://127.0.9.7:9/anchor"])) == 2
    assert "error" in json.loads(capsys.readouterr().out.splitlines()[-1])


def test_the_command_tells_the_fingerprint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, anchor = asyncio.run(explain(tmp_path))
    file = tmp_path / "anchor.xml"
    file.write_bytes(anchor)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="vi", color=False)
    words = ["--from", "VN/GOV/H10/onestop", "--to", "VN/GOV/G01/population/citizens", "--anchor", str(file)]
    assert run(parser.parse_args(words)) == 1
    assert "Vân tay tệp neo" in capsys.readouterr().out
    assert run(parser.parse_args([*words, "--json"])) == 1
    assert json.loads(capsys.readouterr().out)["anchor_fingerprint"].count(":") == 27
