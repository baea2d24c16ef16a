"""Connections to one security server, kept open between calls and lent to one call at a time.

A kept connection is lent again only while it is silent and young: one that the server has ended, or on which it said
something nobody asked for, is closed instead. Whether a call may be repeated is never decided here.
Source: RFC 9112 s.9.3, s.9.5.
"""

from __future__ import annotations

import http.client
import select
import ssl
import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

KEPT_MAX = 8
"""Connections kept open at once."""
IDLE_MAX = timedelta(seconds=30)
"""Silence after which a connection is not used again: shorter than security servers wait before they end one."""


class KeptConnections:
    """Connections to one address; safe to share between threads."""

    def __init__(
        self, base_url: str, *, tls: ssl.SSLContext | None, timeout: timedelta, clock: Callable[[], float]
    ) -> None:
        """Remember where to connect; nothing is opened yet.

        Args:
            tls: None takes the certificates that the machine trusts, where the address is ``https``.
            clock: Seconds that only grow.
        """
        self._url = urlsplit(base_url)
        self._tls = tls
        self._timeout = timeout
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: list[tuple[float, http.client.HTTPConnection]] = []

    def take(self) -> http.client.HTTPConnection:
        """A connection for one call: a kept one, or one that opens when the call is sent."""
        while (kept := self._pop()) is not None:
            since, connection = kept
            if self._clock() - since < IDLE_MAX.total_seconds() and _is_silent(connection):
                return connection
            connection.close()
        return self._connect()

    def give_back(self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse | None) -> None:
        """Keep the connection where *response* was read to its end and the server lets it go on; else close it."""
        is_clean = response is not None and response.isclosed() and not response.will_close
        with self._lock:
            if is_clean and len(self._kept) < KEPT_MAX:
                self._kept.append((self._clock(), connection))
                return
        connection.close()

    def close(self) -> None:
        """Close what is kept; what is lent is closed when it comes back."""
        while (kept := self._pop()) is not None:
            kept[1].close()

    def _pop(self) -> tuple[float, http.client.HTTPConnection] | None:
        with self._lock:
            return self._kept.pop() if self._kept else None

    def _connect(self) -> http.client.HTTPConnection:
        seconds = self._timeout.total_seconds()
        if self._url.scheme != "https":
            return http.client.HTTPConnection(self._url.netloc, timeout=seconds)
        self._tls = self._tls or ssl.create_default_context()
        return http.client.HTTPSConnection(self._url.netloc, timeout=seconds, context=self._tls)


def _is_silent(connection: http.client.HTTPConnection) -> bool:
    """Whether there is nothing to read: no end, no alert, no answer that nobody asked for."""
    if connection.sock is None:
        return False
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return not poll.poll(0)
