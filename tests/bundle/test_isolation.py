"""A server of the exchange needs nothing but ``[exchange]``: no Django, nothing of ``lienthong.systems``."""

import json
import shutil
from pathlib import Path

import pytest
from tests.fakes.environments import fetch, fresh_environment, run
from tests.fakes.settings_files import COMPLETE
from tests.shared import ROOT

pytestmark = pytest.mark.slow

VECTORS = ROOT / "tests" / "vectors" / "evidence"
EVERY_MODULE = """
import importlib, pkgutil, sys, lienthong.cli, lienthong.exchange, lienthong.trust
left_out = set()
for layer in (lienthong.trust, lienthong.exchange, lienthong.cli):
    for found in pkgutil.walk_packages(layer.__path__, layer.__name__ + "."):
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError as exc:
            left_out.add(exc.name)
strangers = {name for name in sys.modules if name.split(".")[0] == "django" or name.startswith("lienthong.systems")}
print(left_out | strangers)
"""
NEEDS_THE_EXTRA_POSTGRES = "{'psycopg'}"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment with the pinned ``[exchange]`` and our package, and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    python = fresh_environment(folder / "venv")
    fetch(python, "-m", "pip", "install", "--require-hashes", "-r", ROOT / "requirements" / "exchange.txt")
    copy = folder / "sources"
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    run(python, "-m", "pip", "install", "--no-index", "--no-build-isolation", f"{copy}[exchange]")
    return python.parent


def test_the_pins_are_all_that_the_extra_asks_for(alone: Path) -> None:
    run(alone / "python", "-m", "pip", "check")
    assert "ModuleNotFoundError" in run(alone / "python", "-c", "import django", expect=1)


def test_help(alone: Path) -> None:
    assert "evidence verify" in run(alone / "lienthong", "--help")


def test_security_apply(alone: Path, tmp_path: Path) -> None:
    (tmp_path / "ss1.toml").write_text(COMPLETE, "utf-8")
    run(alone / "lienthong", "security", "apply", tmp_path / "ss1.toml")
    assert "nothing changes" in run(alone / "lienthong", "--lang", "en", "security", "apply", tmp_path / "ss1.toml")


@pytest.mark.parametrize("name", ["question", "answer"])
def test_evidence_verify(name: str, alone: Path) -> None:
    words = ("evidence", "verify", VECTORS / f"{name}.asice", "--conf", VECTORS / "verificationconf", "--json")
    report = json.loads(run(alone / "lienthong", *words))
    assert report["valid"]
    assert report["timestamp"]["kind"] == "batch"


def test_every_module_of_trust_exchange_and_cli_loads_and_none_brings_a_system(alone: Path) -> None:
    assert run(alone / "python", "-c", EVERY_MODULE).strip() == NEEDS_THE_EXTRA_POSTGRES
