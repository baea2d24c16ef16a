"""The doors of a worker: which socket has which handler and which TLS context, renewed without losing a connection."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

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

_VERSIONS: dict[tuple[str, ...], TlsVersions] = {("1.2",): TlsVersions.ONLY_1_2, ("1.3",): TlsVersions.ONLY_1_3}


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

    async def update(self, snapshot: Snapshot) -> None:
        """Make the doors fit the snapshot."""
        settings = snapshot.settings
        for name in (SYSTEMS, OCSP):
            await self._ensure(name, settings, None)
        await self._ensure(SYSTEMS_TLS, settings, _systems_identity(snapshot), snapshot)
        await self._ensure(SERVERS, settings, servers_identity(snapshot), snapshot)

    async def close(self, grace_s: float) -> None:
        """Stop accepting, finish what was begun."""
        async with asyncio.TaskGroup() as group:
            for door in self._open.values():
                group.create_task(door.server.close(grace_s))

    async def _ensure(
        self, name: str, settings: Settings, identity: TlsIdentity | None, snapshot: Snapshot | None = None
    ) -> None:
        if name not in self._sockets or (snapshot is not None and identity is None):
            return
        fingerprint = _fingerprint(name, snapshot, identity)
        door = self._open.get(name)
        if door is not None and door.fingerprint == fingerprint:
            return
        context = None
        if snapshot is not None and identity is not None:
            context = (_servers_context if name == SERVERS else _systems_context)(snapshot, identity)
        if door is not None:
            await door.server.use_context(context)
            door.fingerprint = fingerprint
            return
        limits = HttpLimits(
            head_bytes=settings.limits.header_block_bytes,
            max_connections=settings.limits.parallel_connections,
            body_silence_s=settings.limits.silence.total_seconds(),
        )
        server = await serve(
            self._handlers[name],
            sockets=[self._sockets[name].dup()],
            ssl_context=context,
            add_date=name == OCSP,
            limits=limits,
            on_error=self._on_error,
        )
        self._open[name] = _Open(server, fingerprint)


def servers_identity(snapshot: Snapshot) -> TlsIdentity | None:
    """What the server shows to other security servers; None while its key cannot be used."""
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


def _servers_context(snapshot: Snapshot, identity: TlsIdentity) -> ssl.SSLContext:
    approved = [certificate.der for certificate in snapshot.globalconf.ca_certificates()]
    return transport_server_context(identity, approved_cas_der=approved, versions=versions(snapshot.settings))


def _systems_context(snapshot: Snapshot, identity: TlsIdentity) -> ssl.SSLContext:
    known = sorted({der for group in snapshot.system_certificates.values() for der in group})
    return listener_context(identity, client_certs_der=known, versions=versions(snapshot.settings))


def _fingerprint(name: str, snapshot: Snapshot | None, identity: TlsIdentity | None) -> bytes:
    """Changes when the context must: own chain, and whom it knows."""
    if snapshot is None or identity is None:
        return b""
    known = {der for group in snapshot.system_certificates.values() for der in group}
    if name == SERVERS:
        known = {certificate.der for certificate in snapshot.globalconf.ca_certificates()}
    hashed = hashlib.sha256(repr(snapshot.settings.tls_versions).encode())
    for der in (*identity.chain_der, *sorted(known)):
        hashed.update(hashlib.sha256(der).digest())
    return hashed.digest()
