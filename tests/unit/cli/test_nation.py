"""What the commands of a nation print and with what they exit, as far as no country has to run for it."""

import argparse
import json
from pathlib import Path

import pytest

from lienthong.cli.main import main
from lienthong.cli.nation_story import Narrator
from lienthong.cli.nation_telling import Teller, columns, measured
from lienthong.nation.story import Line
from lienthong.systems.vocabulary.bilingual import Text

HELD = Line(name="scene", text=Text("đúng", "it held"), seconds=0.25, held=True)
UNJUDGED = Line(
    name="judged",
    text=Text("hợp lệ", "valid"),
    seconds=1.0,
    held=True,
    unjudged=(Text("thiếu", "not judged by xmlsec1"),),
)
FAILED = Line(name="scene", text=Text("sai", "a message is lost"), seconds=3.0, held=False)


def narrator(*lines: Line, once: bool = True, as_json: bool = False) -> Narrator:
    args = argparse.Namespace(lang="en", once=once, json=as_json)
    told = Narrator(args, Teller(color=False, silent=as_json))
    for line in lines:
        told.hear(line)
    told.sum_up()
    return told


def test_a_long_sentence_stays_within_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    Teller(color=False).tell("held", "a sentence of many words " * 12, seconds=12.34)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("   12.3 s ✓ a sentence")
    assert len(lines) > 3
    assert max(map(len, lines)) <= 80


def test_an_address_stands_alone_so_that_it_can_be_opened(capsys: pytest.CaptureFixture[str]) -> None:
    Teller(color=False).tell("held", "who has read:\nhttp://127.82.0.21:8600/own-access/key", seconds=0.02)
    assert capsys.readouterr().out.splitlines()[-1] == "http://127.82.0.21:8600/own-access/key"


def test_durations_read_as_people_say_them() -> None:
    assert (measured(0.0841), measured(8.24)) == ("84 ms", "8.2 s")


def test_columns_are_aligned() -> None:
    assert columns([("a", "bb", "c"), ("aaa", "b", "c")]) == ["a    bb  c", "aaa  b   c"]


def test_every_line_held(capsys: pytest.CaptureFixture[str]) -> None:
    assert narrator(HELD, HELD).held
    assert "Every one of the 2 lines held, in 500 ms." in capsys.readouterr().out


def test_a_line_that_did_not_hold_ends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert not narrator(HELD, FAILED).held
    assert "✗ a message is lost" in capsys.readouterr().out


def test_an_absent_judge_is_told_and_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert narrator(UNJUDGED).held
    said = capsys.readouterr().out
    assert "– not judged by xmlsec1" in said
    assert "1 judgements by others were not made." in said


@pytest.mark.parametrize(("value", "held"), [("1", False), ("true", False), ("", True), ("0", True)])
def test_where_judges_are_demanded_an_absent_one_fails_the_story(
    monkeypatch: pytest.MonkeyPatch, value: str, held: bool
) -> None:
    monkeypatch.setenv("CI", value)
    assert narrator(UNJUDGED).held is held
    assert narrator(UNJUDGED, once=False).held


def test_the_story_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    narrator(HELD, FAILED, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["held"] is False
    assert [(line["name"], line["held"]) for line in told["lines"]] == [("scene", True), ("scene", False)]


@pytest.mark.parametrize("command", ["status", "down"])
def test_a_folder_without_a_country_is_said(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nation", command, "--folder", str(tmp_path)], {}) == 2
    assert "holds no country" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["status", "down"])
def test_and_said_as_json(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nation", command, "--folder", str(tmp_path), "--json"], {}) == 2
    assert "holds no country" in json.loads(capsys.readouterr().out)["error"]
