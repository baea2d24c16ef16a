"""Keys and certificates as an operator and an authority's officer type them, read by a program: ``--json``."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.fakes.pki import TestAuthority

from lienthong.cli.main import main
from lienthong.trust.authority.web import make_app

pytestmark = pytest.mark.sockets
HOST = "127.82.61.2"
SUBJECT = ["--subject", "C=VN", "--subject", "O=GOV", "--subject", "CN=000.00.00.H10"]
WISHES = (
    '[auth]\nprofile = "AUTHENTICATION"\nsubject = { C = "VN", O = "GOV", CN = "ss1", serialNumber = "VN/ss1/GOV" }\n'
)
Told = dict[str, Any]


def with_authority(folder: Path, play: Callable[[str], None]) -> None:
    """Let the officer and the operator work while an authority serves."""

    async def run() -> None:
        authority = TestAuthority(folder / "authority").create()
        runner = web.AppRunner(make_app(authority, ra_token=b"officer"))
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        try:
            await asyncio.to_thread(play, f"http://{HOST}:{runner.addresses[0][1]}")
        finally:
            await runner.cleanup()
            authority.close()

    asyncio.run(run())


@pytest.fixture
def told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Runs a command with ``--json``; what it told, and that nothing went elsewhere."""
    (tmp_path / "pin").write_text("secret")
    (tmp_path / "ra-token").write_text("officer")
    (tmp_path / "other-token").write_text("somebody else")
    (tmp_path / "keys.toml").write_text(WISHES)

    def run(code: int, *words: str) -> Told:
        assert main([word.replace("@", f"{tmp_path}/") for word in words], {}) == code
        printed = capsys.readouterr()
        assert printed.err == ""
        answer: Told = json.loads(printed.out)
        assert answer.pop("ok") is (code == 0)
        return answer

    return run


KEY = ["security", "key", "--tokens", "@tokens", "--password-file", "@pin", "--json"]


def test_from_a_key_to_its_revocation(tmp_path: Path, told: Callable[..., Told]) -> None:
    def play(url: str) -> None:
        desk = ["--server", url, "--token-file", "@ra-token", "--json"]
        assert told(0, *KEY, "create", "sign") == {"action": "create", "key": "sign", "type": "EC"}
        assert told(1, *KEY, "create", "sign")["error"]
        made = told(0, *KEY, "request", "sign", *SUBJECT, "--output", "@sign.csr")
        assert made == {"action": "request", "key": "sign", "request": str(tmp_path / "sign.csr")}
        shown = told(0, "authority", "certify", "SIGN", "@sign.csr", *desk)
        assert shown["certificate"].startswith("-----BEGIN CERTIFICATE-----")
        kept = told(0, "authority", "certify", "SIGN", "@sign.csr", "--output", "@sign.pem", *desk)
        assert kept["certificate"] == (tmp_path / "sign.pem").read_text()
        taken = told(0, *KEY, "import", "sign", "@sign.pem")
        revoked = told(0, "authority", "revoke", "@sign.pem", "--reason", "superseded", *desk)
        assert revoked == {"subject": taken["subject"], "serial": taken["serial"], "reason": "superseded"}
        enroll = ["enroll", "@keys.toml", "--server", url, "--token-file", "@ra-token"]
        assert told(0, *KEY, *enroll) == {"action": "enroll", "keys": ["auth"]}
        assert told(0, *KEY, *enroll) == {"action": "enroll", "keys": []}

    with_authority(tmp_path, play)


def test_a_desk_that_refuses_says_why(tmp_path: Path, told: Callable[..., Told]) -> None:
    def play(url: str) -> None:
        told(0, *KEY, "create", "sign")
        told(0, *KEY, "request", "sign", *SUBJECT, "--output", "@sign.csr")
        stranger = ["--server", url, "--token-file", "@other-token", "--json"]
        assert "refused (401)" in told(1, "authority", "certify", "SIGN", "@sign.csr", *stranger)["error"]
        assert "sign.csr" in told(1, "authority", "revoke", "@sign.csr", *stranger)["error"]

    with_authority(tmp_path, play)
