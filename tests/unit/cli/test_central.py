"""The commands of a central server, one after another, as an administrator types them."""

import json
from pathlib import Path

import pytest
from tests.fakes.instances import certificate
from tests.unit.exchange.central.test_service import DECLARATION

from lienthong.cli.main import main
from lienthong.exchange.globalconf.anchor import anchor_fingerprint


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for name in ("auth.pem", "ca.der", "sub.der"):
        (tmp_path / name).write_bytes(certificate(name).der)
    (tmp_path / "vn.toml").write_text(DECLARATION, encoding="utf-8")
    data = str(tmp_path / "cs")
    arguments = ["--data", data, "--instance", "VN", "--address", "cs", "--key-type", "EC"]
    assert main(["central", "init", *arguments]) == 0
    assert main(["central", "init", *arguments]) == 1
    capsys.readouterr()
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, dict[str, object]]:
    code = main(["central", *words, "--data", str(folder / "cs"), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_from_declaration_to_rotation(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    declaration = str(folder / "vn.toml")
    assert run(capsys, folder, "publish")[0] == 1
    code, planned = run(capsys, folder, "apply", declaration, "--dry-run")
    assert (code, planned["applied"]) == (0, False)
    assert planned["changes"]
    assert run(capsys, folder, "apply", declaration)[1]["changes"] == planned["changes"]
    assert run(capsys, folder, "apply", declaration)[1] == {
        "ok": True,
        "dry_run": False,
        "applied": False,
        "changes": [],
    }
    assert run(capsys, folder, "publish")[0] == 0
    anchor = folder / "anchor.xml"
    answer = run(capsys, folder, "anchor", "internal", "--output", str(anchor))[1]
    assert answer["sha224"] == anchor_fingerprint(anchor.read_bytes())
    source = str(folder / "cs/public/V6")
    assert main(["globalconf", "verify", "--anchor", str(anchor), "--source", source]) == 0
    capsys.readouterr()

    added = str(run(capsys, folder, "key", "add", "internal", "--key-type", "EC")[1]["key"])
    keys = run(capsys, folder, "show")[1]["keys"]
    first = next(key["name"] for key in keys if key["active"] and key["kind"] == "internal")  # type: ignore[attr-defined]
    assert run(capsys, folder, "key", "remove", first)[0] == 1
    assert run(capsys, folder, "key", "activate", added)[0] == 0
    assert run(capsys, folder, "key", "remove", first)[0] == 0
    assert run(capsys, folder, "key", "add", "sideways")[0] == 1


def test_mistakes_are_listed_with_their_lines(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    text = DECLARATION.replace('"auth.pem"', '"none"').replace('"FREE"', '"CHEAP"')
    (folder / "vn.toml").write_text(text, encoding="utf-8")
    code, answer = run(capsys, folder, "apply", str(folder / "vn.toml"))
    lines = [problem["line"] for problem in answer["problems"]]  # type: ignore[attr-defined]
    expected = [n for n, line in enumerate(text.splitlines(), 1) if '"none"' in line or "CHEAP" in line]
    assert (code, lines) == (1, expected)
    assert main(["central", "apply", str(folder / "vn.toml"), "--data", str(folder / "cs")]) == 1
    assert f"vn.toml:{expected[0]}: " in capsys.readouterr().err


def test_people_see_the_difference_first(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    arguments = ["central", "apply", str(folder / "vn.toml"), "--data", str(folder / "cs"), "--lang", "vi"]
    assert main([*arguments, "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("+ ")
    assert lines[-1].endswith("thay đổi sẽ được áp dụng")
    assert main(arguments) == 0
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "không có gì thay đổi"
    assert main(["central", "show", "--data", str(folder / "cs")]) == 0
    assert "members: VN/GOV/G01" in capsys.readouterr().out


def test_serving_needs_a_place_and_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["central", "serve", "--data", str(tmp_path), "--listen", "nowhere"]) == 2
    assert main(["central", "serve", "--data", str(tmp_path), "--listen", "127.0.9.7:0"]) == 1
    assert "central init" in capsys.readouterr().err
