"""The doors of a worker: which socket has which handler and which TLS context, renewed without losing a connection."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from lienthong.exchange.adapters.http_server import Handler, HttpLimits, HttpServer, OnError, serve
from lienthong.exchange.adapters.tls import (
    TlsIdentity,
    TlsVersions,
    listener_context,
    transport_client_context,
    transport_server_context,
)
from lienthong.exchange.security.material import tls_identity
from lienthong.exchange.security.snapshot import AuthenticationIdentity, Snapshot
from lienthong.exchange.serverconf.settings import Settings

SYSTEMS = "http"
SYSTEMS_TLS = "https"
SERVERS = "messages"
OCSP = "ocsp"
"""Names of the sockets that the master process opened; those of :class:`Ports`."""

_log = structlog.get_logger()
_VERSIONS: dict[tuple[str, ...], TlsVersions] = {("1.2",): TlsVersions.ONLY_1_2, ("1.3",): TlsVersions.ONLY_1_3}


MakeContext = Callable[[], ssl.SSLContext | None]


@dataclass(slots=True)
class _Open:
    server: HttpServer
    fingerprint: bytes


class Listeners:
    """Opens doors when what they need is there, and renews their TLS contexts when keys change."""

    def __init__(
        self, sockets: Mapping[str, socket.socket], handlers: Mapping[str, Handler], on_error: OnError
    ) -> None:
        self._sockets = sockets
        self._handlers = handlers
        self._on_error = on_error
        self._open: dict[str, _Open] = {}
        self._snapshot: Snapshot | None = None

    async def update(self, snapshot: Snapshot) -> None:
        """Make the doors fit the snapshot."""
        self._snapshot = snapshot
        settings = snapshot.settings
        for name in (SYSTEMS, OCSP):
            await self._ensure(name, settings, b"", lambda: None)
        systems, servers = _systems_identity(snapshot), servers_identity(snapshot)
        if systems is not None:
            await self._ensure(
                SYSTEMS_TLS,
                settings,
                _fingerprint(settings, systems),
                lambda: listener_context(systems, versions=versions(settings)),
            )
        await self._ensure(
            SERVERS,
            settings,
            _fingerprint(settings, servers),
            lambda: transport_server_context(servers, is_registered=self._is_registered, versions=versions(settings)),
        )

    async def close(self, grace_s: float) -> None:
        """Stop accepting, finish what was begun."""
        async with asyncio.TaskGroup() as group:
            for door in self._open.values():
                group.create_task(door.server.close(grace_s))

    def _is_registered(self, leaf_der: bytes) -> bool:
        """Whether the configuration of this moment lists a server's certificate. Source: message-path s.3.1."""
        if self._snapshot is not None and self._snapshot.globalconf.knows_auth_certificate(leaf_der):
            return True
        _log.info("handshake_refused", certificate_sha256=hashlib.sha256(leaf_der).hexdigest())
        return False

    async def _ensure(self, name: str, settings: Settings, fingerprint: bytes, make_context: MakeContext) -> None:
        if name not in self._sockets:
            return
        door = self._open.get(name)
        if door is not None:
            if door.fingerprint != fingerprint:
                await door.server.use_context(make_context())
                door.fingerprint = fingerprint
            return
        limits = HttpLimits(
            head_bytes=settings.limits.header_block_bytes,
            max_connections=settings.limits.parallel_connections,
            body_silence_s=_silence_s(name, settings),
        )
        server = await serve(
            self._handlers[name],
            sockets=[self._sockets[name].dup()],
            ssl_context=make_context(),
            add_date=True,
            limits=limits,
            on_error=self._on_error,
        )
        self._open[name] = _Open(server, fingerprint)


def _silence_s(name: str, settings: Settings) -> float:
    """Information systems may be slower in the middle of a body than other servers. Source: message-path s.2.1."""
    return settings.limits.silence.total_seconds() if name == SERVERS else HttpLimits().body_silence_s


def servers_identity(snapshot: Snapshot) -> TlsIdentity | None:
    """What the server shows to other security servers; None while its key cannot be used: handshakes fail then."""
    identity: AuthenticationIdentity | None = snapshot.authentication
    if identity is None:
        return None
    return tls_identity(snapshot.settings, snapshot.settings.keys.authentication, identity.chain_der)


def client_context(snapshot: Snapshot) -> ssl.SSLContext | None:
    """The TLS context for dialling other security servers."""
    identity = servers_identity(snapshot)
    return None if identity is None else transport_client_context(identity, versions=versions(snapshot.settings))


def versions(settings: Settings) -> TlsVersions:
    """Versions of TLS the settings allow."""
    return _VERSIONS.get(settings.tls_versions, TlsVersions.BOTH)


def _systems_identity(snapshot: Snapshot) -> TlsIdentity | None:
    reference, certificate = snapshot.settings.keys.internal_tls, snapshot.internal_certificate
    if reference is None or certificate is None:
        return None
    return tls_identity(snapshot.settings, reference, (certificate,))


def _fingerprint(settings: Settings, identity: TlsIdentity | None) -> bytes:
    """Changes when the context must."""
    hashed = hashlib.sha256(repr(settings.tls_versions).encode())
    for der in () if identity is None else identity.chain_der:
        hashed.update(hashlib.sha256(der).digest())
    return hashed.digest()
