"""Debian packages come only when they may; without them one line says what to run and which tests stay out."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from tests.shared import ROOT

SCRIPT = ROOT / "scripts" / "system_packages.sh"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine without any of the packages, where every command that would change it is written down."""
    write(tmp_path, "dpkg-query", "exit 1")
    write(tmp_path, "id", "echo 1000")
    write(tmp_path, "sudo", f'echo "sudo $*" >> {tmp_path}/ran')
    write(tmp_path, "apt-get", f'echo "apt-get $*" >> {tmp_path}/ran; [ "$1" = update ] || exit 100')
    return tmp_path


def write(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def ask(machine: Path, *words: str) -> str:
    environment = {**os.environ, "PATH": f"{machine}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", SCRIPT, *words], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_ordinary_user_is_told_one_line_and_what_stays_out(machine: Path) -> None:
    first, *rest = ask(machine, "").splitlines()
    assert first.startswith("To have everything tested and judged:  sudo apt-get install -y openssl xmlsec1 ")
    assert len(rest) == len(first.partition("-y ")[2].split())
    named = re.findall(r"(?:tests|benchmarks)/\S+", "\n".join(rest))
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert not (machine / "ran").exists()


def test_sudo_is_called_when_asked_for(machine: Path) -> None:
    ask(machine, "1", "xmlsec1")
    assert "sudo apt-get install" in (machine / "ran").read_text()


def test_root_installs_and_a_failure_is_named_and_fails_nothing(machine: Path) -> None:
    write(machine, "id", "echo 0")
    assert ask(machine, "", "xmlsec1").startswith("Could not be installed: xmlsec1; left out without it: tests/")
    assert "sudo" not in (machine / "ran").read_text()


def test_nothing_is_said_where_nothing_is_missing(machine: Path) -> None:
    write(machine, "dpkg-query", "echo install ok installed")
    assert ask(machine, "") == ""
