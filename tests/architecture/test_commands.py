"""Charter 45: every command shows an example, is in a manual, and is imported only when it is called."""

import argparse
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from scripts import reference
from tests.shared import ROOT

from lienthong.cli.commands import COMMANDS, Command
from lienthong.cli.main import main

MANUALS = "\n".join(page.read_text("utf-8") for page in sorted((ROOT / "docs" / "manual").glob("*.md")))
HEAVY = ("lxml", "aiohttp", "uvloop", "httptools", "cryptography", "asn1crypto", "sqlite3", "django", "yaml")

by_words = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: "-".join(command.words))


@by_words
@pytest.mark.parametrize("language", ["vi", "en"])
def test_help_shows_arguments_and_an_example(
    command: Command, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.words, "--lang", language, "--help"], {}) == 0
    said = capsys.readouterr().out
    assert f"{command.example} ".startswith(f"lienthong {' '.join(command.words)} ")
    assert command.example.partition(" --")[0] in said


@by_words
def test_it_is_in_a_manual(command: Command) -> None:
    assert f"lienthong {' '.join(command.words)}" in MANUALS


@by_words
def test_its_module_says_what_it_does_and_offers_two_functions(command: Command) -> None:
    module = import_module(command.module)
    assert f"lienthong {command.words[0]}" in (module.__doc__ or "")
    assert callable(module.add_arguments)
    assert callable(module.run)


def test_the_overview_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], {}) == 0
    said = capsys.readouterr().out
    assert [command.words for command in COMMANDS if " ".join(command.words) not in said] == []


def test_the_overview_imports_no_command_and_no_library() -> None:
    code = (
        "import sys; from lienthong.cli.main import main; main(['--help']); "
        f"print([m for m in sys.modules if m.split('.')[0] in {HEAVY!r} or m.startswith(('lienthong.exchange', "
        "'lienthong.trust', 'lienthong.systems', 'lienthong.nation'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", ["security apply", "evidence verify"])
def test_a_command_of_the_exchange_loads_no_system(command: str) -> None:
    module = {" ".join(row.words): row.module for row in COMMANDS}[command]
    code = f"import sys, {module}; print([m for m in sys.modules if m.startswith(('django', 'lienthong.systems'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_reader_that_goes_away_is_no_crash() -> None:
    command = f"PYTHONUNBUFFERED=1 {sys.executable} -m lienthong.cli.main --help | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "scripts").rglob("*.md")])
BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
CALL = re.compile(r"(?:^|bin/|\$ )lienthong ((?:[^\n\\#|>]|\\\n)+)", re.MULTILINE)


def options_of(command: Command) -> set[str]:
    """Every option of a command and of its parts."""
    parser = argparse.ArgumentParser(add_help=True)
    import_module(command.module).add_arguments(parser)
    found = {option for _, each in reference.parsers_of(parser) for a in each._actions for option in a.option_strings}
    return found | {"--lang"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_tells_to_type_can_be_typed(page: Path) -> None:
    wrong = []
    for block in BLOCK.findall(page.read_text("utf-8")):
        for call in CALL.findall(block):
            words = call.replace("\\\n", " ").split()
            command = next((c for c in COMMANDS if tuple(words[: len(c.words)]) == c.words), None)
            options = {word.partition("=")[0] for word in words if word.startswith("--")}
            if options == {"--help"}:
                continue
            if command is None or options - options_of(command):
                wrong.append(call.strip())
    assert wrong == []
