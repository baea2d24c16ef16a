"""The flows' ways out, by real connections: to other security servers and to services. Errors become faults here."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from urllib.parse import urlsplit

from lienthong.exchange.adapters.http_client import ClientConnection
from lienthong.exchange.adapters.http_errors import (
    AdapterError,
    ConnectError,
    TlsError,
    UnknownHostError,
)
from lienthong.exchange.adapters.pool import Lease, Pool
from lienthong.exchange.adapters.race import Race
from lienthong.exchange.adapters.tls import service_client_context
from lienthong.exchange.errors import Fault
from lienthong.exchange.security.ports import Outgoing, ServiceCall, VerifyPeer
from lienthong.exchange.security.snapshot import CurrentSnapshot
from lienthong.exchange.transport.http import Headers, HttpClientResponse

_PORTS = {"http": 80, "https": 443}


class Exchange:
    """One request on a leased connection; the answer lives as long as the context.

    A class rather than a generator, because every message passes here twice. What adapters raise, on entering and
    inside, leaves as a fault of the protocol.
    """

    __slots__ = ("_ask", "_lease", "_tls_code")

    def __init__(self, lease: Lease, tls_code: str, ask: Ask) -> None:
        self._lease = lease
        self._tls_code = tls_code
        self._ask = ask

    async def __aenter__(self) -> HttpClientResponse:
        try:
            connection = await self._lease.__aenter__()
            try:
                return await self._ask(connection)
            except BaseException as exc:
                await self._lease.__aexit__(type(exc), exc, exc.__traceback__)
                raise
        except AdapterError as exc:
            raise as_fault(exc, self._tls_code) from exc

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lease.__aexit__(kind, error, trace)
        if isinstance(error, AdapterError):
            raise as_fault(error, self._tls_code) from error


Ask = Callable[[ClientConnection], Awaitable[HttpClientResponse]]


class SecurityServers:
    """Sends to whichever server of the provider connects first. Source: message-path dossier s.3.2."""

    def __init__(self, race: Race, snapshot: CurrentSnapshot) -> None:
        self._race = race
        self._snapshot = snapshot

    def exchange(self, addresses: Sequence[str], verify: VerifyPeer, headers: Headers, body: Outgoing) -> Exchange:
        """See :class:`~lienthong.exchange.security.ports.PeerTransport`."""
        settings = self._snapshot().settings
        port, timeout_s = settings.ports.dial_port, settings.limits.answer_timeout.total_seconds()
        lease = self._race.lease([(address, port) for address in addresses], verify=verify)
        sent = body if isinstance(body, bytes) else body()
        return Exchange(
            lease,
            TLS_IS_NETWORK,
            lambda connection: connection.request("POST", b"/", headers, sent, timeout_s=timeout_s),
        )


class Services:
    """Reaches the information systems behind services, plain or by TLS. Source: message-path dossier s.2.8."""

    def __init__(self, *, connect_timeout_s: float, idle_timeout_s: float = 4.0) -> None:
        self._connect_timeout_s, self._idle_timeout_s = connect_timeout_s, idle_timeout_s
        self._pools: dict[tuple[bytes, ...] | str | None, Pool] = {}

    def call(self, call: ServiceCall) -> Exchange:
        """See :class:`~lienthong.exchange.security.ports.ServiceTransport`."""
        host, port, target = split_url(call.url)
        sent = call.body if isinstance(call.body, bytes) else call.body()
        timeout_s = call.timeout.total_seconds()
        return Exchange(
            self._pool(call).lease((host, port)),
            TLS_IS_REFUSAL,
            lambda connection: connection.request(call.method, target, call.headers, sent, timeout_s=timeout_s),
        )

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


_FAULTS = ((UnknownHostError, "unknown_host"), (ConnectError, "network_error"))


def as_fault(error: AdapterError, tls_code: str) -> Fault:
    """What an adapter raised, by the fault codes of the protocol. Source: message-path dossier s.8.1."""
    if isinstance(error, TlsError):
        return Fault(tls_code, str(error))
    return Fault(next((code for kind, code in _FAULTS if isinstance(error, kind)), "io_error"), str(error))
