"""The judges of the story judge others too: recorded containers of genuine servers, good and bad ones."""

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.shared import ROOT, shared

JUDGES = ROOT / "tests" / "judges"
SCRIPTS = sorted(path for path in JUDGES.glob("*.py") if not path.name.startswith("test_"))
GOOD = ("valid-signed-message", "valid-signed-hashchain", "valid-non-batch-rest")
FOREIGN = {"xmlsec", "lxml", "zeep", "XRoad", "fastapi_xroad_soap", "uvicorn"}
"""What the judges' own environments hold."""
BAD = {
    "invalid-incorrect-references": "/foobar.xml is missing",
    "invalid-not-signed-hashchain": "the signature does not refer to it",
    "invalid-signed-hashchain": "/message.xml: the digest does not agree",
    "wrong-message": "/message.xml: the digest does not agree",
}


def judge(container: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(JUDGES / "hash_chain.py"), str(container), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_judge_imports_nothing_of_ours(script: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(script.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported - sys.stdlib_module_names <= FOREIGN


@pytest.mark.parametrize("name", GOOD)
def test_a_good_container_is_found_good(name: str) -> None:
    judged = judge(shared(f"fixtures/xroad/asic/{name}.asice"))
    assert judged.returncode == 0, judged.stdout + judged.stderr


@pytest.mark.parametrize("name", BAD)
def test_a_bad_container_is_found_bad(name: str) -> None:
    judged = judge(shared(f"fixtures/xroad/asic/{name}.asice"))
    assert judged.returncode == 1
    assert BAD[name] in judged.stdout


@pytest.mark.parametrize("kind", ["batch", "rest", "ec"])
def test_recorded_containers_of_genuine_servers_are_found_good(kind: str) -> None:
    containers = sorted(shared(f"fixtures/xroad/live/{kind}").rglob("*.asice"))
    longest = sorted(containers, key=lambda path: path.stat().st_size)[-4:]
    assert longest
    assert [path.name for path in longest if judge(path).returncode != 0] == []


def test_a_body_shown_later_is_judged(tmp_path: Path) -> None:
    container = shared("fixtures/xroad/asic/valid-signed-hashchain.asice")
    (tmp_path / "body").write_bytes(b"another body")
    assert judge(container).returncode == 0
    assert "/attachment1: the digest does not agree" in judge(container, "--body", str(tmp_path / "body")).stdout


def test_an_emptied_envelope_is_judged_by_the_one_that_is_shown(tmp_path: Path) -> None:
    container, envelope = shared("fixtures/xroad/asic/valid-signed-message.asice"), tmp_path / "envelope"
    with zipfile.ZipFile(container) as archive:
        envelope.write_bytes(archive.read("message.xml"))
    assert judge(container, "--body", str(envelope)).returncode == 0
    envelope.write_bytes(b"<another/>")
    assert "/message.xml: the digest does not agree" in judge(container, "--body", str(envelope)).stdout
