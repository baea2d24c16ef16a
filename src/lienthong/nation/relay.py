"""A relay between two security servers that holds the transport keys of both and alters what passes.

TLS alone would refuse an altered record. Whoever had stolen both servers' authentication keys would get past it, and
meets the signatures: that is what the story shows.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class TransportKey:
    """A security server's authentication key, as the relay stole it."""

    certificate: Path
    """PEM."""
    key: Path
    """Encrypted PKCS#8, PEM."""
    password: str = field(repr=False)

    def load_into(self, context: ssl.SSLContext) -> None:
        """Show this certificate on the context's connections."""
        context.load_cert_chain(self.certificate, self.key, password=self.password)


@dataclass(slots=True)
class Relay:
    """Listens where the consumer's server dials, and passes everything on to the provider's."""

    here: tuple[str, int]
    """Address and port it listens on."""
    there: tuple[str, int]
    """Address and port it passes on to."""
    as_provider: TransportKey
    """Shown to the consumer's server."""
    as_consumer: TransportKey
    """Shown to the provider's server."""
    wanted: bytes = b""
    """Bytes to alter; nothing is altered while it is empty."""
    instead: bytes = b""
    """What they become; as long as they are."""
    passed: int = 0
    """How many pieces passed so far."""
    altered: int = 0
    """How many pieces were altered so far."""
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> Relay:
        self._listener = socket.create_server(self.here)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for each in (self._listener, *self._open):
            if each is not None:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()

    def _accept(self, listener: socket.socket) -> None:
        door = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.as_provider.load_into(door)
        with suppress(OSError):  # the listener was closed
            while True:
                plain, _ = listener.accept()
                threading.Thread(target=self._relay, args=(door, plain), daemon=True).start()

    def _relay(self, door: ssl.SSLContext, plain: socket.socket) -> None:
        way = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        way.check_hostname, way.verify_mode = False, ssl.CERT_NONE
        self.as_consumer.load_into(way)
        with suppress(OSError):
            consumer = door.wrap_socket(plain, server_side=True)
            provider = way.wrap_socket(socket.create_connection(self.there, timeout=30))
            provider.settimeout(None)
            self._open += [consumer, provider]
            threading.Thread(target=self._pass_on, args=(provider, consumer), daemon=True).start()
            self._pass_on(consumer, provider)

    def _pass_on(self, source: ssl.SSLSocket, target: ssl.SSLSocket) -> None:
        with suppress(OSError, ValueError):
            while piece := source.recv(_PIECE):
                self.passed += 1
                target.sendall(self._alter(piece))
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def _alter(self, piece: bytes) -> bytes:
        if not self.wanted or self.wanted not in piece:
            return piece
        self.altered += 1
        return piece.replace(self.wanted, self.instead, 1)
