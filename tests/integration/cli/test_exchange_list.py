import argparse
import json

import pytest
from tests.fakes.scripted_server import Reply, ScriptedServer, fault, serving

from lienthong.cli.exchange_list import add_arguments, run

pytestmark = pytest.mark.sockets

CLIENTS = {
    "member": [
        {"id": {"member_class": "GOV", "member_code": "G01", "object_type": "MEMBER", "xroad_instance": "VN"},
         "name": "Bộ Công an"},
        {"id": {"member_class": "GOV", "member_code": "G01", "object_type": "SUBSYSTEM", "subsystem_code": "population",
                "xroad_instance": "VN"}, "name": "Bộ Công an", "subsystem_name": "Dân cư"},
    ]
}  # fmt: skip
OFFERED = {
    "service": [
        {"service_code": "citizens", "service_type": "OPENAPI", "endpoint_list": [{"method": "GET", "path": "/a"}]},
        {"service_code": "secret", "service_type": "REST", "endpoint_list": []},
    ]
}
ALLOWED = {"service": OFFERED["service"][:1]}
PAIR = ("--from", "VN/GOV/H10/onestop", "--of", "VN/GOV/G01/population")


def reply(document: object) -> Reply:
    return Reply(body=json.dumps(document).encode())


def command(server: ScriptedServer, *words: str, lang: str = "en") -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang=lang, color=False)
    return run(parser.parse_args(["--server", server.url, *words]))


def test_clients(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(reply(CLIENTS), reply(CLIENTS), reply({"member": []})) as server:
        assert command(server, "--instance", "E E") == 0
        assert capsys.readouterr().out.splitlines() == [
            "CLIENT                 NAME",
            "VN/GOV/G01             Bộ Công an",
            "VN/GOV/G01/population  Bộ Công an / Dân cư",
        ]
        assert command(server, "--json") == 0
        assert json.loads(capsys.readouterr().out)["clients"][0] == {"id": "VN/GOV/G01", "name": "Bộ Công an"}
        assert command(server, lang="vi") == 0
        assert capsys.readouterr().out == "không có gì\n"
    assert server.asked[0].target == "/listClients?xRoadInstance=E%20E"
    assert server.asked[0].header("Accept") == "application/json"


def test_services(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(*(reply(document) for document in (OFFERED, ALLOWED) * 2)) as server:
        assert command(server, *PAIR) == 0
        assert capsys.readouterr().out.splitlines() == [
            "ALLOWED  SERVICE",
            "yes      citizens (OPENAPI)",
            "           GET /a",
            "no       secret (REST)",
        ]
        assert command(server, *PAIR, "--json") == 0
        assert [each["allowed"] for each in json.loads(capsys.readouterr().out)["services"]] == [True, False]
    assert [asked.target for asked in server.asked[:2]] == [
        f"/r1/VN/GOV/G01/population/{code}" for code in ("listMethods", "allowedMethods")
    ]


def test_what_cannot_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = fault("server.clientproxy.unknown_member", "Client not found")
    with serving(refusal, Reply(body=b"<xml/>"), Reply(status=500, body=b""), reply({"service": 1})) as server:
        assert command(server, *PAIR) == 1
        assert "unknown_member" in capsys.readouterr().err
        assert command(server) == 1
        assert "no list of clients" in capsys.readouterr().err
        assert command(server, "--json") == 1
        assert "500" in json.loads(capsys.readouterr().out)["error"]
        assert command(server, *PAIR) == 1
    assert command(server) == 1
    assert command(server, "--from", "VN/GOV/H10/onestop") == 2
    assert command(server, "--ca", "/nonexistent") == 2
