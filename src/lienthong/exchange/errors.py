"""Errors of the exchange layer.

ExchangeError
├── ProtocolError                 never raised itself
│   ├── LocalProtocolError        we (or our information system) broke the protocol
│   └── RemoteProtocolError       the peer did
├── Fault                         a refusal with a stable X-Road fault code; the edge turns it into JSON, XML or SOAP
│   └── RelayedFault              one that another party raised; passed on untouched
└── ConfigurationError            settings or global configuration cannot be used

A fault code is dot-joined: prefixes tell where it arose, the last word what it is
(``server.serverproxy.access_denied``). Source: message-path dossier s.8.1.
"""

from __future__ import annotations

CLIENT = "client"
CLIENT_PROXY = "server.clientproxy"
SERVER_PROXY = "server.serverproxy"
SERVICE_FAILED = "service_failed"
SIGNATURE_VERIFICATION = "signature_verification"
_SAYING_ORIGIN = (f"{CLIENT}.", f"{CLIENT_PROXY}.", f"{SERVER_PROXY}.")


class ExchangeError(Exception):
    """Root of everything this layer raises."""


class ProtocolError(ExchangeError):
    """The protocol was broken; raise one of the two subclasses."""

    def __init__(self, code: str, message: str) -> None:
        if type(self) is ProtocolError:
            raise TypeError("raise LocalProtocolError or RemoteProtocolError")
        super().__init__(message)
        self.code = code
        self.message = message


class LocalProtocolError(ProtocolError):
    """Our side, or the information system behind it, broke the protocol."""


class RemoteProtocolError(ProtocolError):
    """The peer broke the protocol."""


class Fault(ExchangeError):
    """A refusal with a stable fault code.

    ``code`` is in 7.8 spelling without trailing dots; ``message`` names place, cause and cure; ``detail`` is the random
    id under which the server that refused logged it ("" until the edge assigns one).
    """

    def __init__(self, code: str, message: str, *, detail: str = "", actor: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.detail = detail
        self.actor = actor

    def prefixed(self, *prefixes: str) -> Fault:
        """The same fault with its origin in front, unless it already says one. Source: message-path s.8.1."""
        prefix = ".".join(prefixes)
        if self.code.startswith(_SAYING_ORIGIN):
            return self
        return Fault(f"{prefix}.{self.code}", self.message, detail=self.detail, actor=self.actor)


class RelayedFault(Fault):
    """A fault of the other security server or of the service: its code is never prefixed here. Source: s.8.1."""

    def __init__(self, code: str, message: str, *, detail: str = "", actor: str = "", xml: bytes = b"") -> None:
        """*xml*: the SOAP fault as received, which a SOAP consumer gets unchanged; empty where it is not known."""
        super().__init__(code, message, detail=detail, actor=actor)
        self.xml = xml
        self.content_type = ""
        """Of *xml*, where it came with one."""

    def of_type(self, content_type: str) -> RelayedFault:
        """The same fault, whose *xml* came with this Content-Type."""
        self.content_type = content_type
        return self

    def prefixed(self, *prefixes: str) -> Fault:
        """Itself: its origin is already in the code."""
        return self


class ConfigurationError(ExchangeError):
    """Settings, keys or global configuration cannot be used; ``problems`` lists every reason at once."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
