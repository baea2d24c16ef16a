"""The flows' ways out, by real connections: to other security servers and to services. Errors become faults here."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

from lienthong.exchange.adapters.http_errors import (
    AdapterError,
    ConnectError,
    TlsError,
    UnknownHostError,
)
from lienthong.exchange.adapters.pool import Pool
from lienthong.exchange.adapters.race import Race
from lienthong.exchange.adapters.tls import service_client_context
from lienthong.exchange.errors import Fault
from lienthong.exchange.security.ports import Outgoing, ServiceCall, VerifyPeer
from lienthong.exchange.security.snapshot import CurrentSnapshot
from lienthong.exchange.transport.http import Headers, HttpClientResponse

_PORTS = {"http": 80, "https": 443}


class SecurityServers:
    """Sends to whichever server of the provider connects first. Source: message-path dossier s.3.2."""

    def __init__(self, race: Race, snapshot: CurrentSnapshot) -> None:
        self._race = race
        self._snapshot = snapshot

    @asynccontextmanager
    async def exchange(
        self, addresses: Sequence[str], verify: VerifyPeer, headers: Headers, body: Outgoing
    ) -> AsyncIterator[HttpClientResponse]:
        """See :class:`~lienthong.exchange.security.ports.PeerTransport`."""
        port = self._snapshot().settings.ports.dial_port
        targets = [(address, port) for address in addresses]
        with as_faults(TLS_IS_NETWORK):
            async with self._race.lease(targets, verify=verify) as connection:
                yield await connection.request("POST", b"/", headers, body if isinstance(body, bytes) else body())


class Services:
    """Reaches the information systems behind services, plain or by TLS. Source: message-path dossier s.2.8."""

    def __init__(self, *, connect_timeout_s: float, idle_timeout_s: float = 4.0) -> None:
        self._connect_timeout_s, self._idle_timeout_s = connect_timeout_s, idle_timeout_s
        self._pools: dict[tuple[bytes, ...] | str | None, Pool] = {}

    @asynccontextmanager
    async def call(self, call: ServiceCall) -> AsyncIterator[HttpClientResponse]:
        """See :class:`~lienthong.exchange.security.ports.ServiceTransport`."""
        host, port, target = split_url(call.url)
        pool = self._pool(call)
        body = call.body if isinstance(call.body, bytes) else call.body()
        with as_faults(TLS_IS_REFUSAL):
            async with pool.lease((host, port)) as connection:
                timeout_s = call.timeout.total_seconds()
                yield await connection.request(call.method, target, call.headers, body, timeout_s=timeout_s)

    async def close(self) -> None:
        """Close every idle connection."""
        for pool in self._pools.values():
            await pool.close()

    def _pool(self, call: ServiceCall) -> Pool:
        is_tls = call.url.startswith("https:")
        key = call.trusted_certificates if is_tls else "plain"
        pool = self._pools.get(key)
        if pool is None:
            context: ssl.SSLContext | None = None
            if is_tls:
                context = service_client_context(None, trusted_der=call.trusted_certificates)
            pool = self._pools[key] = Pool(
                ssl_context=context,
                connect_timeout_s=self._connect_timeout_s,
                idle_timeout_s=self._idle_timeout_s,
            )
        return pool


def split_url(url: str) -> tuple[str, int, bytes]:
    """Host, port and raw target of an http(s) URL; raises Fault ``service_malformed_url``."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Fault("service_malformed_url", "The service's URL is no http or https URL") from None
    if not parts.hostname:
        raise Fault("service_malformed_url", "The service's URL names no host")
    start = url.index(parts.netloc) + len(parts.netloc)
    target = url[start:] or "/"
    return parts.hostname, port, (target if target.startswith("/") else "/" + target).encode("latin-1", "strict")


TLS_IS_NETWORK = "network_error"
"""A handshake that fails between security servers shows as a network error."""
TLS_IS_REFUSAL = "ssl_authentication_failed"
"""A service whose certificate will not do is refused."""


@contextmanager
def as_faults(tls_code: str) -> Iterator[None]:
    """Turn what adapters raise into the fault codes of the protocol. Source: message-path dossier s.8.1."""
    try:
        yield
    except TlsError as exc:
        raise Fault(tls_code, str(exc)) from exc
    except UnknownHostError as exc:
        raise Fault("unknown_host", str(exc)) from exc
    except ConnectError as exc:
        raise Fault("network_error", str(exc)) from exc
    except AdapterError as exc:
        raise Fault("io_error", str(exc)) from exc
