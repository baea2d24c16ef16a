import argparse
import io
import json
from pathlib import Path

import pytest
from tests.fakes.scripted_server import Reply, ScriptedServer, fault, serving

from lienthong.cli.exchange_call import add_arguments, run

pytestmark = pytest.mark.sockets

CITIZENS = "VN/GOV/000.00.00.G01/population/citizens"


def command(server: ScriptedServer, *words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="en", color=False)
    fixed = ["--server", server.url, "--client", "VN/GOV/000.00.00.H10/onestop"]
    return run(parser.parse_args([*fixed, *map(str, words)]))


def test_the_body_of_the_answer_is_printed_as_it_is(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"abc")
    with serving(Reply(body=b"\x00\xff")) as server:
        code = command(
            server, CITIZENS, "/001?q=a%20b&e=", "--method", "post", "--body", body, "--officer", "an",
            "--purpose", "LAW:26/2023/QH15", "--header", "Accept: text/plain",
        )  # fmt: skip
    assert code == 0
    assert capfdbinary.readouterr().out == b"\x00\xff"
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("POST", f"/r1/{CITIZENS}/001?q=a%20b&e=", b"abc")
    assert asked.header("Accept") == "text/plain"
    assert asked.header("X-Road-UserId") == "an"


def test_an_answer_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Reply(body='{"tên":"An"}'.encode()), Reply(status=404, body=b"gone")) as server:
        assert command(server, CITIZENS, "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["ok"], told["status"], told["body"]) == (True, 200, {"tên": "An"})
        assert told["message_id"].startswith("VN-")
        assert command(server, CITIZENS, "--json") == 1
        assert json.loads(capsys.readouterr().out)["body"] == "gone"


def test_a_refusal_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = fault("server.serverproxy.access_denied", "Purpose required: X-Road-UserId is missing")
    with serving(refusal, refusal) as server:
        assert command(server, CITIZENS) == 1
        assert "Purpose required" in capsys.readouterr().err
        assert command(server, CITIZENS, "--json") == 1
        told = json.loads(capsys.readouterr().out)["fault"]
        assert (told["type"], told["detail"]) == ("server.serverproxy.access_denied", "d-1")


def test_a_server_that_does_not_answer(capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        pass
    assert command(server, CITIZENS, "--method", "POST") == 1
    assert "no answer" in capsys.readouterr().err
    assert command(server, CITIZENS, "--method", "POST", "--json") == 1


@pytest.mark.parametrize(
    "words",
    [["citizens"], [CITIZENS, "--header", "x"], [CITIZENS, "--body", "/nonexistent"], [CITIZENS, "--ca", "/no"]],
)
def test_a_request_that_cannot_be_made(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as server:
        assert command(server, *words) == 2
        assert server.asked == []
    assert capsys.readouterr().err


def test_a_body_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"typed")))
    with serving() as server:
        assert command(server, CITIZENS, "--method", "PUT", "--body", "-", "--json") == 0
    assert server.asked[0].body == b"typed"
