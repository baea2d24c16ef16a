"""Our server in its place for a case, with everyone it talks to: recorded servers, a service, OCSP answers."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.loop import Run
from tests.live import wire
from tests.live.cases import Case
from tests.live.configuration import Dialled, State, certificate, ocsp_answer, state_of, write_server
from tests.live.exceptions import TEXTS
from tests.live.server import Moment, OurServer

from lienthong.exchange.adapters.http_server import HttpRequest, HttpResponse, listen, serve
from lienthong.exchange.adapters.ocsp_fetch import ocsp_answer as peer_answer
from lienthong.trust.algorithms import Digest

PROVIDER_ADDRESS = "127.0.1.12"
"""Where the recorded configuration has the provider's server; ports are ours to choose."""
SERVICE_ADDRESS = "127.82.31.3"


async def _silence(_: bytes) -> bytes | None:
    return None


@dataclass
class Stage:
    """Our server in its place, and everyone it talks to."""

    server: OurServer
    peer: wire.Script
    """The provider's server, in our consumer's role."""
    service: wire.Script
    """The information system behind our services, in our provider's role."""
    peer_port: int
    service_authority: str
    peer_context: ssl.SSLContext
    """With which a recorded consumer's server dials ours."""

    def text_of(self, case: Case, role: str) -> str | None:
        """What our fault says where the recorded one quotes another program."""
        text = TEXTS.get((case.name, role))
        return None if text is None else text.format(peer=f"{PROVIDER_ADDRESS}:{self.peer_port}")


class Theatre:
    """Opens stages as they are asked for, and keeps them: a server is opened once for all its cases."""

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = folder
        self._run = run
        self._stages: dict[tuple[str, str, State, str], Stage] = {}
        self._servers: list[Any] = []

    def stage(self, case: Case, role: str) -> Stage:
        """Our server in *role* as the case found it."""
        state = state_of(case, role)
        peer = _PEERS.get(case.state, "")
        key = (role, case.key_type, state, peer)
        if key not in self._stages:
            self._stages[key] = self._run(self._open(role, case, state, peer))
        stage = self._stages[key]
        stage.server.moment.at = case.at
        stage.server.moment.uuids.clear()
        return stage

    def stages(self, role: str) -> list[Stage]:
        """Every stage on which a case was played in *role*."""
        return [stage for key, stage in self._stages.items() if key[0] == role]

    async def close(self) -> None:
        for stage in self._stages.values():
            await stage.server.close()
        for server in self._servers:
            server.close()

    async def _open(self, role: str, case: Case, state: State, peer: str) -> Stage:
        key_type = case.key_type
        folder = self._folder / f"server-{len(self._stages)}"
        folder.mkdir()
        peer_script, service = wire.Script(_silence), wire.Script(_silence)
        provider_pem = wire.pem_file(self._folder, f"ss2-auth-{key_type}")
        known = "tsa" if peer == "refuses" else f"ss1-auth-{key_type}"
        context = wire.provider_context(provider_pem, known=known)
        peer_server, peer_port = await wire.serve_recorded(
            peer_script, PROVIDER_ADDRESS, context=context, hangs_up=peer == "hangs up"
        )
        service_server, service_port = await wire.serve_recorded(service, SERVICE_ADDRESS)
        ocsp_socket = listen(PROVIDER_ADDRESS, 0)
        authority = f"{SERVICE_ADDRESS}:{service_port}"
        dialled = Dialled(message_port=peer_port, ocsp_port=ocsp_socket.getsockname()[1], service=f"http://{authority}")
        ocsp_server = await serve(_ocsp_door(f"ss2-auth-{key_type}"), sockets=[ocsp_socket])
        self._servers += [peer_server, service_server]
        own = {"consumer": "ss1", "provider": "ss2"}[role]
        paths = write_server(folder, server=own, key_type=key_type, state=state, dialled=dialled)
        server = OurServer(paths, Moment(case.at))
        await server.open()
        server.closing(ocsp_server.close)
        return Stage(
            server=server,
            peer=peer_script,
            service=service,
            peer_port=peer_port,
            service_authority=authority,
            peer_context=wire.consumer_context(wire.pem_file(self._folder, f"ss1-auth-{key_type}")),
        )


_PEERS = {
    "states/authentication-certificate-unknown-to-provider": "refuses",
    "states/provider-token-logged-out": "refuses",
    "states/provider-authentication-certificate-revoked": "refuses",
    "states/provider-server-down": "hangs up",
}
"""Provider's servers, in our consumer's role, that end the handshake, or the connection right after it."""


def _ocsp_door(name: str) -> Callable[[HttpRequest], Coroutine[None, None, HttpResponse]]:
    def lookup(digest: Digest) -> bytes | None:
        return ocsp_answer(name) if digest.algorithm.digest(certificate(name).der) == digest else None

    async def handle(request: HttpRequest) -> HttpResponse:
        return peer_answer(request.raw_query, lookup, method=request.method)

    return handle
