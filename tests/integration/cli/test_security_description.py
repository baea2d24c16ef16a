"""``security description`` over HTTP: a provider's WSDL comes into the settings, changes, and is followed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest
from tests.fakes.scripted_server import Reply, serving
from tests.fakes.settings_files import COMPLETE
from tests.fakes.wsdl_documents import wsdl

from lienthong.cli.security_apply import apply_settings
from lienthong.cli.security_description import add_arguments, run

pytestmark = pytest.mark.sockets


def command(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang="en", color=False)
    return run(parser.parse_args([str(word) for word in words]))


def test_from_an_address_to_the_applied_settings_and_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ss1.toml"
    file.write_text(COMPLETE, "utf-8")
    first, then = wsdl("register/v1", "search/v1").encode(), wsdl("register/v1", "search/v2").encode()
    with serving(Reply(body=first), Reply(body=then), Reply(body=then)) as server:
        place = f"{server.url}/register.wsdl"
        owner = "VN/GOV/000.00.00.G01/legacy"
        assert command("add", place, "--settings", file, "--client", owner, "--write", "--json") == 0
        assert [each["code"] for each in json.loads(capsys.readouterr().out)["services"]] == ["register", "search"]
        apply_settings(file, data=None, is_dry_run=False)
        assert command("refresh", place, "--settings", file) == 0
        assert f"{place}:\n  + search/v2 http://127.0.3.1:9000/soap\n  - search/v1\n" in capsys.readouterr().out
        assert command("refresh", place, "--settings", file, "--write") == 0
    changes = {
        change.key.rpartition(".services")[2] for change in apply_settings(file, data=None, is_dry_run=True).changes
    }
    assert {key.partition("]")[0] for key in changes} == {"[search/v1", "[search/v2"}


def test_an_address_that_gives_nothing_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ss1.toml"
    file.write_text(COMPLETE, "utf-8")
    with serving(Reply(status=404), Reply(status=500)) as server:
        assert command("lint", server.url) == 1
        assert "answered HTTP 404" in capsys.readouterr().err
        assert command("add", server.url, "--settings", file, "--client", "VN/GOV/000.00.00.G01/legacy", "--write") == 1
    assert file.read_text("utf-8") == COMPLETE
