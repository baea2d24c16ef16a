"""HTTP over raw streams: whole messages in, recorded bytes out. Nothing here uses the code under test."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from tests.live.cases import LIVE

CIPHERS = "ECDHE-RSA-AES256-SHA384:DHE-RSA-AES256-SHA256:ECDHE-ECDSA-AES256-SHA384"
"""What genuine servers offer each other, on TLS 1.2. Source: message-path dossier s.3.1."""
_BODILESS = {b"204", b"304"}

Answer = Callable[[bytes], Awaitable[bytes | None]]
"""The bytes that answer a request; None: never."""


async def read_message(reader: asyncio.StreamReader, *, to_head: bool = False) -> bytes:
    """One HTTP message as it crossed the wire; *to_head*: it answers a HEAD. Empty when the peer says nothing."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as exc:
        return exc.partial
    first, *lines = head[:-4].split(b"\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    is_response = first.startswith(b"HTTP/")
    if is_response and (to_head or first.split()[1] in _BODILESS):
        return head
    if headers.get(b"transfer-encoding", b"").lower() == b"chunked":
        return head + await _read_chunks(reader)
    if b"content-length" in headers:
        return head + await reader.readexactly(int(headers[b"content-length"]))
    return head + (await reader.read() if is_response else b"")


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    taken = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        taken += line + await reader.readexactly(int(line, 16) + 2)
        if int(line, 16) == 0:
            return taken


@dataclass
class Script:
    """What a stand-in at the other end answers, and what it heard."""

    answer: Answer
    heard: list[bytes] = field(default_factory=list)
    """Every request that came, in order."""
    suites: list[list[str]] = field(default_factory=list)
    """TLS version and cipher suite of each connection."""

    def begin(self, answer: Answer) -> None:
        """A new case."""
        self.answer, self.heard, self.suites = answer, [], []


def suite_of(writer: asyncio.StreamWriter) -> list[str]:
    """TLS version and cipher suite, as the recordings' index writes them."""
    name, version, _ = writer.get_extra_info("cipher")
    return [version, name]


async def play(request: bytes, host: str, port: int) -> bytes:
    """Send a recorded request, byte for byte, and give what comes back."""
    return await _exchange(request, *await asyncio.open_connection(host, port, limit=2**20))


async def play_to_server(request: bytes, host: str, port: int, context: ssl.SSLContext) -> tuple[list[str], bytes]:
    """The same between security servers: what TLS agreed on, and the answer."""
    reader, writer = await asyncio.open_connection(host, port, limit=2**20, ssl=context, server_hostname="")
    return suite_of(writer), await _exchange(request, reader, writer)


async def _exchange(request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    try:
        writer.write(request)
        await writer.drain()
        return await read_message(reader, to_head=request.startswith(b"HEAD "))
    finally:
        writer.transport.abort()


async def serve_recorded(
    script: Script, host: str, *, context: ssl.SSLContext | None = None, hangs_up: bool = False
) -> tuple[asyncio.Server, int]:
    """Answer each connection's one request as the script says, then close; the server and its port."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if context is not None:
                script.suites.append(suite_of(writer))
            request = b"" if hangs_up else await read_message(reader)
            if request:
                script.heard.append(request)
            response = await script.answer(request) if request else b""
            if response is None:
                await reader.read()
            else:
                writer.write(response)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(accept, host, 0, ssl=context, limit=2**20)
    return server, server.sockets[0].getsockname()[1]


def pem_file(folder: Path, name: str) -> Path:
    """A recorded certificate and its key in one PEM file, as the ssl module wants them."""
    path = folder / f"{name}.pem"
    if not path.exists():
        key = serialization.load_der_private_key((LIVE / f"pki/{name}.key.p8").read_bytes(), None)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        certificate = ssl.DER_cert_to_PEM_cert((LIVE / f"pki/{name}.cert.der").read_bytes())
        path.write_bytes(pem + certificate.encode())
    return path


def consumer_context(pem: Path) -> ssl.SSLContext:
    """Of a genuine consumer's server: TLS 1.2, its certificate shown, the provider's taken."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _transport(context, pem)


def provider_context(pem: Path, *, known: str) -> ssl.SSLContext:
    """Of a genuine provider's server: TLS 1.2, and any certificate but the *known* one ends the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(cadata=(LIVE / f"pki/{known}.cert.der").read_bytes())
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return _transport(context, pem)


def _transport(context: ssl.SSLContext, pem: Path) -> ssl.SSLContext:
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.load_cert_chain(pem)
    return context
