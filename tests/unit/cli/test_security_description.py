"""``security description``: what documents describe comes into the settings file, line by line and only when asked."""

from __future__ import annotations

import argparse
import difflib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.settings_files import COMPLETE
from tests.fakes.wsdl_documents import wsdl

from lienthong.cli.security_description import add_arguments, run
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.exchange.serverconf.settings import Client, Settings

LEGACY = "VN/GOV/000.00.00.G01/legacy"
OPENAPI = """\
openapi: 3.0.4
info: {title: Thú nuôi, version: "1", description: d}
servers: [{url: "http://127.0.3.1:9000/pets"}]
paths:
  /pets/{id}:
    get: {summary: x, responses: {200: {}}}
  /pets:
    post: {summary: x, responses: {200: {}}}
"""


def command(*words: str | Path, lang: str = "en") -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    parser.set_defaults(lang=lang, color=False)
    return run(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Settings whose descriptions are files in the data folder that say what the settings say."""
    path, data = tmp_path / "ss1.toml", tmp_path / "data"
    data.mkdir()
    (data / "legacy.wsdl").write_text(wsdl("getPerson/v1", "getPerson/v2"), "utf-8")
    (data / "hello.wsdl").write_text(wsdl("helloMtom"), "utf-8")
    (data / "pets.yaml").write_text(OPENAPI, "utf-8")
    path.write_text(COMPLETE.replace("http://127.0.3.1:9000/legacy.wsdl", "legacy.wsdl"), "utf-8")
    path.chmod(0o640)
    return path


def settings(file: Path) -> Settings:
    return parse_settings(file.read_text("utf-8"), file=file)


def client(file: Path, position: int) -> Client:
    return settings(file).clients[position]


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_nothing_differs_at_first(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.stat().st_mtime_ns
    assert command("refresh", "--settings", file, "--write", "--addresses") == 0
    assert capsys.readouterr().out == "nothing differs\n"
    assert file.stat().st_mtime_ns == before


def test_add_shows_and_writes_only_when_asked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = file.parent / "data" / "new.wsdl"
    new.write_text(wsdl("newOne/v1", "newTwo"), "utf-8")
    words = ("add", new, "--settings", file, "--client", LEGACY)
    before = file.read_text("utf-8")
    assert command(*words) == 0
    shown = capsys.readouterr().out
    assert "+ newOne/v1 http://127.0.3.1:9000/soap\n+ newTwo http" in shown
    assert '[[client.service]]\ncode = "newOne"\nversion = "v1"\ntype = "WSDL"\n' in shown
    assert file.read_text("utf-8") == before
    assert command(*words, "--write") == 0
    assert "nobody may call them" in capsys.readouterr().out
    added = client(file, 1).services[3:]
    assert [(each.name, each.wsdl, each.access) for each in added] == [
        ("newOne/v1", "new.wsdl", ()), ("newTwo", "new.wsdl", ()),
    ]  # fmt: skip
    assert [
        line for line in difflib.ndiff(before.splitlines(), file.read_text("utf-8").splitlines()) if line[0] == "-"
    ] == []
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_file_elsewhere_keeps_its_whole_name(file: Path, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere.wsdl"
    outside.write_text(wsdl("newOne/v1"), "utf-8")
    assert command("add", outside, "--settings", file, "--client", LEGACY, "--url", "http://h/x", "--write") == 0
    assert (client(file, 1).services[-1].wsdl, client(file, 1).services[-1].url) == (str(outside), "http://h/x")


def test_an_openapi_document_is_one_service_with_its_endpoints(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("add", file.parent / "data/pets.yaml", "--settings", file, "--client", "VN/GOV/000.00.00.G01/population")
    assert command(*words) == 1
    assert "add --code" in capsys.readouterr().err
    assert command(*words, "--code", "animals", "--json", "--write") == 0
    answer = told(capsys)
    assert (answer["ok"], answer["written"], answer["services"][0]["code"]) == (True, True, "animals")
    service = client(file, 0).services[-1]
    assert (service.name, service.openapi) == ("animals", "pets.yaml")
    assert [(each.method, each.path) for each in service.endpoints] == [("GET", "/pets/*"), ("POST", "/pets")]


REFUSED = [
    ((wsdl("listMethods/v1"), LEGACY), "1 error(s); see: lienthong security description lint"),
    ((wsdl("getPerson/v1"), LEGACY), "'getPerson/v1' twice"),
    ((wsdl("a/v1"), "VN/GOV/000.00.00.G01/nobody"), "there is no client VN/GOV/000.00.00.G01/nobody"),
    (("<a/>", LEGACY), "1 error(s)"),
    ((OPENAPI.replace("http:", "x:"), LEGACY), "add --url"),
]


@pytest.mark.parametrize(("given", "cause"), REFUSED)
def test_what_add_refuses(file: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, str], cause: str) -> None:
    document, owner = given
    place = file.parent / "new"
    place.write_text(document, "utf-8")
    before = file.read_bytes()
    assert command("add", place, "--settings", file, "--client", owner, "--code", "c", "--write") == 1
    assert cause in capsys.readouterr().err
    assert file.read_bytes() == before


def test_refresh_shows_what_came_and_went_and_follows_it_when_asked(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = file.parent / "data"
    (data / "legacy.wsdl").write_text(wsdl("getPerson/v2", "getPerson/v3", address="http://h/new"), "utf-8")
    (data / "pets.yaml").write_text(OPENAPI.replace("post:", "put:"), "utf-8")
    before = file.read_bytes()
    assert command("refresh", "--settings", file) == 0
    shown = capsys.readouterr().out
    assert "pets.yaml:\n  + PUT /pets\n  - POST /pets\n" in shown
    assert "legacy.wsdl:\n  + getPerson/v3 http://h/new\n  - getPerson/v1\n  ~ getPerson/v2 url: " in shown
    assert "call again with --write" in shown
    assert file.read_bytes() == before
    assert command("refresh", "legacy.wsdl", "--settings", file, "--write") == 0
    assert "only with --addresses" in capsys.readouterr().out
    services = {service.name: service for service in client(file, 1).services}
    assert list(services) == ["getPerson/v2", "helloMtom", "getPerson/v3"]
    assert services["getPerson/v2"].url == "http://127.0.3.1:9000/soap"
    assert (services["getPerson/v3"].url, services["getPerson/v3"].access) == ("http://h/new", ())
    assert command("refresh", "--settings", file, "--write", "--addresses", "--json") == 0
    answer = told(capsys)
    assert answer["written"]
    assert [each["place"] for each in answer["descriptions"]] == ["pets.yaml", "legacy.wsdl", "hello.wsdl"]
    assert answer["descriptions"][1]["addresses"][0]["new"] == "http://h/new"
    assert [each.method for each in client(file, 0).services[3].endpoints] == ["GET", "PUT"]
    assert client(file, 1).services[0].url == "http://h/new"


def test_a_new_operation_of_a_paused_description_is_paused_too(file: Path) -> None:
    (file.parent / "data/hello.wsdl").write_text(wsdl("helloMtom", "helloAgain"), "utf-8")
    assert command("refresh", "hello.wsdl", "--settings", file, "--write") == 0
    new = client(file, 1).services[-1]
    assert (new.name, new.disabled, new.notice, new.access) == ("helloAgain", True, "Bảo trì đến 18 giờ", ())


def test_a_document_with_errors_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent / "data/hello.wsdl").write_text("<broken", "utf-8")
    before = file.read_bytes()
    assert command("refresh", "--settings", file, "--write") == 1
    assert "hello.wsdl: 1 error(s)" in capsys.readouterr().err
    assert file.read_bytes() == before
    (file.parent / "data/hello.wsdl").unlink()
    assert command("refresh", "--settings", file, "--write", "--json") == 1
    assert "hello.wsdl" in told(capsys)["error"]


def test_a_description_is_paused_with_a_notice_and_goes_on(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert command("disable", "legacy.wsdl", "--settings", file, "--notice", 'Bảo trì "đến" 19 giờ') == 0
    assert "2 service(s) disabled" in capsys.readouterr().out
    states = [(service.disabled, service.notice) for service in client(file, 1).services]
    assert states == [(True, 'Bảo trì "đến" 19 giờ')] * 2 + [(True, "Bảo trì đến 18 giờ")]
    assert command("enable", "legacy.wsdl", "--settings", file, "--json") == 0
    assert told(capsys)["services"] == ["getPerson/v1", "getPerson/v2"]
    assert file.read_bytes() == before
    assert command("enable", "legacy.wsdl", "--settings", file) == 0
    assert capsys.readouterr().out == "nothing changes\n"


@pytest.mark.parametrize("action", [("refresh",), ("enable",), ("disable", "--notice", "x")])
def test_a_description_that_nothing_names(
    file: Path, capsys: pytest.CaptureFixture[str], action: tuple[str, ...]
) -> None:
    first, *more = action
    assert command(first, "nothing.wsdl", "--settings", file, *more) == 1
    assert "there is no description nothing.wsdl" in capsys.readouterr().err


def test_settings_that_are_not_valid_are_told_whole(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(COMPLETE.replace("workers", "w").replace('data = "data"', "typo = 1\nmore = 2"), "utf-8")
    assert command("refresh", "--settings", file) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_lint_tells_place_cause_and_cure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.wsdl"
    place.write_text(wsdl("listMethods/v1", "b"), "utf-8")
    assert command("lint", place) == 1
    errors = capsys.readouterr().err
    assert (
        f"{place}:13: error: listMethods is a metaservice that security servers answer themselves\n    give" in errors
    )
    assert errors.endswith("WSDL, 1 error(s), 1 other finding(s)\n")
    assert command("lint", place, "--json") == 1
    answer = told(capsys)
    assert (answer["ok"], answer["errors"]) == (False, 1)
    assert [finding["rule"] for finding in answer["findings"]] == ["code_reserved", "version_missing"]


def test_lint_of_a_good_document_and_in_vietnamese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "a.yaml"
    place.write_text(OPENAPI, "utf-8")
    assert command("lint", place, lang="vi") == 0
    assert capsys.readouterr().out == f"{place}: OPENAPI, không có gì sai\n"
    place.write_text(OPENAPI.replace("/pets", "pets"), "utf-8")
    assert command("lint", place, lang="vi") == 1
    assert "/paths/pets~1{id}: lỗi: đường dẫn pets/{id} không bắt đầu bằng /" in capsys.readouterr().err


def test_imports_are_taken_from_beside_the_document_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, place = tmp_path / "in", tmp_path / "in" / "a.wsdl"
    folder.mkdir()
    (tmp_path / "out.wsdl").write_text(wsdl("out/v1").replace("legacy", "out"), "utf-8")
    (folder / "part.wsdl").write_text(wsdl("part/v1").replace("legacy", "part"), "utf-8")
    (folder / "link.wsdl").symlink_to(tmp_path / "out.wsdl")
    found = {}
    for location in ("part.wsdl", "../out.wsdl", str(tmp_path / "out.wsdl"), "file:///etc/hostname", "link.wsdl", ""):
        imported = f'<wsdl:import namespace="urn:x" location="{location}"/>\n'
        place.write_text(wsdl("a/v1", more=imported), "utf-8")
        found[location] = command("lint", place)
    assert list(found.values()) == [0, 1, 1, 1, 1, 1]
    assert capsys.readouterr().err.count("is not beside this description") == 5
