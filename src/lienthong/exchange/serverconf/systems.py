"""May this information system act as that client? Source: message-path s.2.3."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId
from lienthong.exchange.serverconf.settings import Client, ClientStatus, ConnectionType


class SystemConnection(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the listener knows about the connection of an information system."""

    tls: bool
    certificate_der: bytes | None = None
    """Certificate the system showed, DER; ``None`` without one."""


def decide_system(
    client_id: ClientId | None,
    client: Client | None,
    connection: SystemConnection,
    *,
    registered_der: Collection[bytes],
    internal_der: bytes | None,
) -> Fault | None:
    """Refuse an information system that may not act as the client it names.

    Args:
        client_id: The client named in the request, ``None`` where it names none.
        client: That client in the settings, ``None`` where it is not there.
        registered_der: Certificates registered for the client, DER.
        internal_der: The server's own internal TLS certificate, always accepted.
    Returns:
        ``None`` to go on, or a fault without prefix (the caller adds ``server.clientproxy``).
    """
    if client_id is None:
        return Fault("invalid_client_identifier", "The client identifier is missing")
    if client is None or client.status is not ClientStatus.REGISTERED:
        return Fault("unknown_member", f"Client '{client_id}' not found")
    if client.connection_type is ConnectionType.HTTP:
        return None
    if not connection.tls:
        return _failed(client_id, "specifies HTTPS but client made plaintext connection")
    if client.connection_type is ConnectionType.HTTPS_NO_AUTH:
        return None
    return _judge_certificate(client_id, connection.certificate_der, registered_der, internal_der)


def _judge_certificate(
    client_id: ClientId, shown: bytes | None, registered: Collection[bytes], internal: bytes | None
) -> Fault | None:
    if shown is None:
        return _failed(client_id, "specifies HTTPS but did not supply TLS certificate")
    if shown == internal:
        return None
    if not registered:
        return _failed(client_id, "has no information system certificates")
    if shown not in registered:
        return _failed(client_id, "TLS certificate does not match any information system certificate")
    return None


def _failed(client_id: ClientId, cause: str) -> Fault:
    return Fault("ssl_authentication_failed", f"Client ({client_id}) {cause}")
