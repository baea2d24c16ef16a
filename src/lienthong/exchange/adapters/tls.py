"""TLS contexts of the exchange, and the one function that reads a peer's certificate chain.

OpenSSL only carries the handshake. Between security servers it asks our code whether the peer's certificate is a
registered one; everything else about a peer is judged in our code right after the handshake, from ``peer_chain``: a
clear X-Road fault instead of a TLS alert.

Source: message-path dossier s.2.1, s.3.1; RFC 7919; RFC 8446 s.4.6.1.
"""

from __future__ import annotations

import asyncio
import enum
import importlib.resources
import os
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from lienthong.exchange.adapters.http_messages import Peer
from lienthong.exchange.adapters.openssl_calls import MayFinish, decide_handshakes, send_own_chain_only
from lienthong.exchange.errors import ConfigurationError

TRANSPORT_CIPHERS = "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA256:ECDHE-ECDSA-AES256-SHA384"
"""``xroad-tls-ciphers`` as OpenSSL spells them, in X-Road's order."""
LISTENER_CIPHERS = ":".join(
    (
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-SHA384",
        "DHE-RSA-AES128-GCM-SHA256",
        "DHE-RSA-AES128-SHA256",
        "DHE-RSA-AES256-GCM-SHA384",
        "DHE-RSA-AES256-SHA256",
        "ECDHE-ECDSA-AES128-GCM-SHA256",  # the last two are ours: for a listener with an EC key
        "ECDHE-ECDSA-AES256-GCM-SHA384",
    )
)
"""Suites of port 8443 under TLS 1.2."""

_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME, which the ssl module does not name."""
_DER = 2
"""``_ssl.ENCODING_DER``."""


class TlsVersions(enum.Enum):
    """Which protocol versions a context speaks."""

    BOTH = "1.2+1.3"
    """1.3 between our own servers, 1.2 with everyone else."""
    ONLY_1_2 = "1.2"
    """As X-Road itself."""
    ONLY_1_3 = "1.3"


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsIdentity:
    """A private key and the certificates that go with it."""

    chain_der: tuple[bytes, ...]
    """Leaf first, then intermediates, without the root (DER)."""
    key_pem: bytes = field(repr=False)
    """PKCS#8 PEM, encrypted or not; reaches OpenSSL through anonymous memory, never a disk."""
    password: bytes = field(default=b"", repr=False)
    """Of the key; empty when it is not encrypted."""


def transport_server_context(
    identity: TlsIdentity | None, *, is_registered: MayFinish, versions: TlsVersions = TlsVersions.BOTH
) -> ssl.SSLContext:
    """Port 5500 as provider: a client certificate is required, and only a registered one finishes the handshake.

    Args:
        identity: What the server shows; None while it has nothing to show, and every handshake fails.
        is_registered: Whether a certificate (DER) is one of the global configuration's. Chain, validity and OCSP are
            judged with the first message.
    Raises ConfigurationError. Source: message-path s.3.1.
    """
    context = _server_context(identity, versions, TRANSPORT_CIPHERS)
    context.verify_mode = ssl.CERT_REQUIRED
    decide_handshakes(context, is_registered)
    return context


def transport_client_context(identity: TlsIdentity, *, versions: TlsVersions = TlsVersions.BOTH) -> ssl.SSLContext:
    """Port 5500 as consumer: any server certificate passes the handshake; the caller judges before it sends a byte.

    Raises ConfigurationError. Source: message-path s.3.1, s.3.3.
    """
    context = _client_context(versions)
    context.set_ciphers(TRANSPORT_CIPHERS)
    _load_identity(context, identity)
    return context


def listener_context(identity: TlsIdentity, *, versions: TlsVersions = TlsVersions.BOTH) -> ssl.SSLContext:
    """Port 8443 for information systems: a client certificate is wanted and any finishes the handshake; none does too.

    The application decides who may come in. Source: message-path s.2.1.
    """
    context = _server_context(identity, versions, LISTENER_CIPHERS)
    context.verify_mode = ssl.CERT_OPTIONAL
    decide_handshakes(context, lambda _: True)
    return context


def service_client_context(
    identity: TlsIdentity | None, *, trusted_der: Sequence[bytes] | None, check_hostname: bool = False
) -> ssl.SSLContext:
    """https services behind this server.

    Args:
        identity: our certificate, shown when the service asks.
        trusted_der: certificates of the service or of its CA; None accepts any.
    """
    context = _client_context(TlsVersions.BOTH)
    if trusted_der is not None:
        _trust(context, trusted_der, ssl.CERT_REQUIRED)
        context.check_hostname = check_hostname
    if identity is not None:
        _load_identity(context, identity)
    return context


def peer_chain(ssl_object: ssl.SSLObject) -> tuple[bytes, ...]:
    """Every certificate the peer sent, leaf first (DER), unverified; empty when it sent none.

    The public method exists from Python 3.13; before, the wrapped object's is used. A session resumed from a ticket
    would give the leaf alone, which is why our contexts issue no tickets.
    """
    if ssl_object.getpeercert(binary_form=True) is None:
        return ()
    private = getattr(ssl_object, "_sslobj", None)
    chain = private.get_unverified_chain() if private is not None else None
    return tuple(certificate.public_bytes(_DER) for certificate in chain or ())


def peer_of(transport: asyncio.Transport) -> Peer:
    """Who is at the other end of *transport*."""
    name = transport.get_extra_info("peername")
    address = name[0] if isinstance(name, tuple) else ""
    ssl_object = transport.get_extra_info("ssl_object")
    if ssl_object is None:
        return Peer(address=address)
    chain = peer_chain(ssl_object)
    return Peer(address=address, tls=True, leaf_der=chain[0] if chain else None, chain_der=chain)


def _server_context(identity: TlsIdentity | None, versions: TlsVersions, ciphers: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = _Telling
    _set_versions(context, versions)
    context.set_ciphers(ciphers)
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_RENEGOTIATION
    context.num_tickets = 0  # OP_NO_TICKET alone leaves stateful TLS 1.3 tickets
    with _memory_file(_dh_parameters()) as path:
        context.load_dh_params(path)
    send_own_chain_only(context)
    if identity is not None:
        _load_identity(context, identity)
    return context


class _Telling(ssl.SSLObject):
    """Lets the alert out that says why a handshake failed; event loops would drop it with the connection.

    The failure is reported once the peer has reacted, or the handshake has taken too long. Source: RFC 8446 s.6.2.
    """

    _failure: ssl.SSLError | None = None

    def do_handshake(self) -> None:
        """As the base class, but a failure first asks for more, so that what was written goes out."""
        if self._failure is not None:
            raise self._failure
        try:
            super().do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            raise
        except ssl.SSLError as error:
            self._failure = error
            raise ssl.SSLWantReadError from error


def _client_context(versions: TlsVersions) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _set_versions(context, versions)
    return context


def _set_versions(context: ssl.SSLContext, versions: TlsVersions) -> None:
    only_1_3 = versions is TlsVersions.ONLY_1_3
    only_1_2 = versions is TlsVersions.ONLY_1_2
    context.minimum_version = ssl.TLSVersion.TLSv1_3 if only_1_3 else ssl.TLSVersion.TLSv1_2
    context.maximum_version = ssl.TLSVersion.TLSv1_2 if only_1_2 else ssl.TLSVersion.TLSv1_3


def _trust(context: ssl.SSLContext, anchors_der: Sequence[bytes], mode: ssl.VerifyMode) -> None:
    context.verify_mode = mode
    flags = int(context.verify_flags) | int(ssl.VERIFY_X509_PARTIAL_CHAIN) | _NO_CHECK_TIME
    context.verify_flags = flags  # type: ignore[assignment]  # the stub asks for the enum, which lacks a name for one
    if anchors_der:
        try:
            context.load_verify_locations(cadata=b"".join(dict.fromkeys(anchors_der)))
        except ssl.SSLError as error:
            raise ConfigurationError(f"a trusted certificate cannot be read: {error}") from error


def _load_identity(context: ssl.SSLContext, identity: TlsIdentity) -> None:
    chain = "".join(ssl.DER_cert_to_PEM_cert(der) for der in identity.chain_der).encode()
    with _memory_file(chain) as chain_path, _memory_file(identity.key_pem) as key_path:
        try:
            context.load_cert_chain(chain_path, key_path, password=lambda: identity.password)
        except (ssl.SSLError, ValueError) as error:
            raise ConfigurationError(f"TLS key or certificate cannot be used: {error}") from error


def _dh_parameters() -> bytes:
    """The group ffdhe3072. Source: RFC 7919 A.2."""
    return importlib.resources.files(__package__).joinpath("ffdhe3072.txt").read_bytes()


@contextmanager
def _memory_file(content: bytes) -> Iterator[str]:
    """A path that names *content* in memory: the ssl module reads keys from files only, and keys stay off disks."""
    descriptor = os.memfd_create("tls", os.MFD_CLOEXEC)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.ftruncate(descriptor, 0)
        os.close(descriptor)
