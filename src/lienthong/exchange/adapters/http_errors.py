"""What can go wrong between us and a network or a disk.

AdapterError(ExchangeError)
├── ConnectError            no connection came about; nothing was sent, another address may be tried
│   ├── UnknownHostError    its name leads to no address
│   └── TlsError            the TLS handshake failed (alert, certificate refused by OpenSSL); nothing was sent
├── PeerClosedError         the peer closed or reset the connection; says how far the exchange had come
├── ReadTimeoutError        the peer stayed silent for too long
├── BadMessageError         the peer does not speak HTTP/1.1 as RFC 9112 asks
├── BodyTooLargeError       a body is longer than the reader of it allows
└── FetchError              a trust service, or who keeps a description of services, gave no usable answer

Failover is allowed after ConnectError only: once an HTTP byte is out, the peer may have acted on it.
"""

from lienthong.exchange.errors import ExchangeError


class AdapterError(ExchangeError):
    """Root of everything the adapters raise."""


class ConnectError(AdapterError):
    """No connection could be made; nothing was sent."""


class UnknownHostError(ConnectError):
    """The host's name leads to no address; nothing was sent."""


class TlsError(ConnectError):
    """The TLS handshake failed; nothing was sent."""


class PeerClosedError(AdapterError):
    """The peer closed the connection in the middle of an exchange."""

    def __init__(self, message: str, *, request_sent: bool, response_started: bool) -> None:
        super().__init__(message)
        self.request_sent = request_sent
        """Whether any byte of the request had left: if so, the peer may have acted on it."""
        self.response_started = response_started
        """Whether any byte of the response had arrived."""


class ReadTimeoutError(AdapterError):
    """The peer stayed silent for longer than allowed."""


class BadMessageError(AdapterError):
    """The peer sent something that is not HTTP/1.1."""


class BodyTooLargeError(AdapterError):
    """A body exceeds the limit its reader set."""


class FetchError(AdapterError):
    """A trust service (OCSP, time-stamping), or who keeps a description of services, gave no usable answer."""
