"""The authority over real loopback sockets."""

import asyncio
import base64
import os
import signal
import urllib.parse
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientTimeout, web
from tests.fakes.pki import MEMBER, PASSWORD, TestAuthority, key

from lienthong.trust.algorithms import DigestAlgorithm
from lienthong.trust.authority import Authority
from lienthong.trust.authority.compose import serve
from lienthong.trust.authority.web import make_app
from lienthong.trust.certificates import Certificate, build_request
from lienthong.trust.certificates.profiles import SIGN
from lienthong.trust.ocsp import Status, parse_response
from lienthong.trust.ocsp import build_request as ask
from lienthong.trust.timestamps import build_query, parse_token, read_reply

pytestmark = pytest.mark.sockets
TOKEN = b"ra-secret"
Play = Callable[[ClientSession, str, Authority], Awaitable[None]]


@asynccontextmanager
async def _running(authority: Authority, token: bytes | None) -> AsyncIterator[str]:
    runner = web.AppRunner(make_app(authority, ra_token=token))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.9.21", 0)
    await site.start()
    try:
        yield f"http://127.0.9.21:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _play(tmp_path: Path, play: Play, token: bytes | None = TOKEN) -> None:
    async def run() -> None:
        authority = TestAuthority(tmp_path / "authority").create()
        async with _running(authority, token) as url, ClientSession(timeout=ClientTimeout(total=10)) as session:
            await play(session, url, authority)
        authority.close()

    asyncio.run(run())


def test_ocsp_by_post_and_get(tmp_path: Path) -> None:
    async def play(session: ClientSession, url: str, authority: Authority) -> None:
        made = authority.issue_certificate(SIGN, build_request(key("web"), MEMBER))
        request = ask(made, authority.issuing)
        async with session.post(f"{url}/ocsp", data=request) as answer:
            assert answer.content_type == "application/ocsp-response"
            posted = await answer.read()
        quoted = urllib.parse.quote(base64.b64encode(request).decode(), safe="")
        async with session.get(f"{url}/ocsp/{quoted}") as answer:
            assert await answer.read() == posted
            assert "max-age=600" in answer.headers["Cache-Control"]
        assert parse_response(posted).status.status is Status.GOOD
        async with session.get(f"{url}/ocsp/!") as answer:
            assert answer.status == 200
            assert await answer.read() == b"\x30\x03\x0a\x01\x01"

    _play(tmp_path, play)


def test_tsa_crl_and_health(tmp_path: Path) -> None:
    async def play(session: ClientSession, url: str, authority: Authority) -> None:
        query = build_query(DigestAlgorithm.SHA512.digest(b"data"))
        async with session.post(f"{url}/tsa", data=query) as answer:
            assert answer.content_type == "application/timestamp-reply"
            assert parse_token(read_reply(await answer.read(), query=query)).names_signer(authority.tsa)
        async with session.get(f"{url}/crl/root.crl") as answer:
            assert await answer.read() == authority.crl("root")
        async with session.get(f"{url}/crl/other.crl") as answer:
            assert answer.status == 404
        async with session.get(f"{url}/health") as answer:
            assert (await answer.json())["status"] == "ok"

    _play(tmp_path, play)


def _pem(request: bytes) -> str:
    label = "CERTIFICATE REQUEST"
    return f"-----BEGIN {label}-----\n{base64.b64encode(request).decode()}\n-----END {label}-----\n"


def test_the_ra_certifies_and_revokes_for_who_holds_the_secret(tmp_path: Path) -> None:
    async def play(session: ClientSession, url: str, authority: Authority) -> None:
        asked = {"profile": "SIGN", "request": _pem(build_request(key("web"), MEMBER)), "validity_days": 3}
        holder = {"Authorization": f"Bearer {TOKEN.decode()}"}
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN.decode()}"}):
            async with session.post(f"{url}/certificates", json=asked, headers=headers) as answer:
                assert answer.status == 401
        async with session.post(f"{url}/certificates", json=asked, headers=holder) as answer:
            body = await answer.json()
        made = Certificate.from_pem_or_der(body["certificate"].encode())
        assert Certificate.from_pem_or_der(body["chain"][0].encode()) == authority.issuing
        revoked = {"serial": f"{made.serial:x}", "reason": "superseded"}
        async with session.post(f"{url}/revocations", json=revoked, headers=holder) as answer:
            assert (await answer.json())["status"] == "revoked"
        assert parse_response(authority.ocsp_answer_for(made)).status.status is Status.REVOKED
        wrong: list[object] = [
            [], {}, {**asked, "profile": "X"}, {**asked, "more": 1}, {**asked, "subject": 1},
            {**asked, "dns_names": 1}, {**asked, "request": "x"}, {**asked, "subject": [["1"]]},
        ]  # fmt: skip
        for body in wrong:
            async with session.post(f"{url}/certificates", json=body, headers=holder) as answer:
                assert answer.status == 400, body
        given = {**asked, "subject": MEMBER, "dns_names": ["a.vn"]}
        async with session.post(f"{url}/certificates", json=given, headers=holder) as answer:
            assert answer.status == 200

    _play(tmp_path, play)


def test_without_a_secret_there_is_no_ra(tmp_path: Path) -> None:
    async def play(session: ClientSession, url: str, authority: Authority) -> None:
        async with session.post(f"{url}/certificates", json={}) as answer:
            assert answer.status == 404
        assert authority.issuing.is_ca

    _play(tmp_path, play, token=None)


def test_the_process_serves_until_told_to_stop(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(PASSWORD)
    (tmp_path / "ra").write_bytes(TOKEN)
    config = tmp_path / "authority.toml"
    config.write_text(
        '[authority]\nfolder = "state"\npassword_file = "password"\nra_token_file = "ra"\nhost = "127.0.9.22"\n'
        'port = 18889\norganization = "Test"\ncommon_name = "Test CA"\n',
        encoding="utf-8",
    )

    async def visit() -> None:
        async with ClientSession(timeout=ClientTimeout(total=10)) as session:
            for _ in range(100):
                try:
                    async with session.get("http://127.0.9.22:18889/health") as answer:
                        assert answer.status == 200
                        break
                except OSError:
                    await asyncio.sleep(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    async def run() -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(serve(config))
            tasks.create_task(visit())

    asyncio.run(run())
    assert (tmp_path / "state" / "authority.sqlite").exists()
