"""TLS contexts (face; being written)."""

from __future__ import annotations

import enum
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field


class TlsVersions(enum.Enum):
    """Which protocol versions a context speaks."""

    BOTH = "1.2+1.3"
    ONLY_1_2 = "1.2"
    ONLY_1_3 = "1.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsIdentity:
    """A private key and the certificates that go with it."""

    chain_der: tuple[bytes, ...]
    """Leaf first, then intermediates, without the root."""
    key_pem: bytes = field(repr=False)
    """PKCS#8 PEM, encrypted or not; never touches a disk."""
    password: bytes = field(default=b"", repr=False)


def transport_server_context(
    identity: TlsIdentity, *, approved_cas_der: Sequence[bytes], versions: TlsVersions = TlsVersions.BOTH
) -> ssl.SSLContext:
    """Port 5500, our side as provider: a client certificate of an approved CA is required."""
    raise NotImplementedError


def transport_client_context(identity: TlsIdentity, *, versions: TlsVersions = TlsVersions.BOTH) -> ssl.SSLContext:
    """Port 5500, our side as consumer: any server certificate passes the handshake, we judge it right after."""
    raise NotImplementedError


def listener_context(identity: TlsIdentity, *, versions: TlsVersions = TlsVersions.BOTH) -> ssl.SSLContext:
    """Port 8443 for information systems: any client certificate, or none, passes; the application decides."""
    raise NotImplementedError


def service_client_context(
    identity: TlsIdentity | None, *, trusted_der: Sequence[bytes] | None, check_hostname: bool = False
) -> ssl.SSLContext:
    """https services: trusted certificates (leaf or CA) of the service, or None to accept any and judge afterwards."""
    raise NotImplementedError


def peer_chain(ssl_object: ssl.SSLObject) -> tuple[bytes, ...]:
    """Every certificate the peer sent, leaf first (DER), unverified; the one place that uses a private API."""
    raise NotImplementedError
