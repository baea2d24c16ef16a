"""Every container that the recorded servers exported is valid evidence for ours, SOAP's included."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live import judged
from tests.live.cases import LIVE

from lienthong.cli.main import main

CONTAINERS = sorted(LIVE.rglob("*.asice"))


@pytest.mark.parametrize("container", CONTAINERS, ids=lambda path: str(path.relative_to(LIVE)))
def test_recorded_container(container: Path) -> None:
    assert judged.verdict(container.read_bytes()) is None


@pytest.mark.parametrize("container", CONTAINERS[:1], ids=lambda path: str(path.relative_to(LIVE)))
def test_the_command_says_the_same(container: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "verify", str(container), "--conf", str(LIVE / "globalconf/ss1"), "--json"]) == 0
    assert '"valid": true' in capsys.readouterr().out
