"""What goes out in a call: target, headers and message id, and whether it may be sent again."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypedDict
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from lienthong.exchange.identifiers import ClientId, ServiceId, encode_path, parse_client

Query = Mapping[str, str] | Sequence[tuple[str, str]]
Body = bytes | Iterable[bytes] | AsyncIterable[bytes]

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_PATH_SAFE = "/-._~!$&'()*+,;=:@%"
RETRIES = 2
"""How often a call that may be repeated is repeated."""
TIMEOUT = timedelta(seconds=90)
PAUSE = timedelta(milliseconds=200)
BODY_LIMIT = 64 * 1024**2
"""Largest answer read into memory unless the caller says otherwise, bytes."""
FAULT_LIMIT = 1024**2
"""Largest refusal read, bytes."""


def parse_service(text: str) -> ServiceId:
    """Read ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE``; raises IdentifierError."""
    head, _, code = text.rpartition("/")
    return ServiceId(parse_client(head), code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """Who calls through which security server, and how patiently."""

    base_url: str
    """Address of the security server without a trailing slash: ``https://127.0.0.1:8443``."""
    client: ClientId
    """The client the system acts as."""
    timeout: timedelta
    """Silence allowed from the security server; longer than it allows services."""
    pause: timedelta
    """Before the first repetition; doubled before the second."""
    body_limit: int
    """Largest answer read into memory, bytes."""

    @classmethod
    def create(
        cls, base_url: str, client: ClientId | str, *, timeout: timedelta, pause: timedelta, body_limit: int
    ) -> Consumer:
        """Check the address and read the client; raises ValueError (IdentifierError for the client)."""
        url = urlsplit(base_url)
        if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.username is not None:
            raise ValueError("the address of a security server is http://host[:port] or https://host[:port]")
        known = client if isinstance(client, ClientId) else parse_client(client)
        return cls(base_url=base_url.rstrip("/"), client=known, timeout=timeout, pause=pause, body_limit=body_limit)

    def pause_before(self, attempt: int) -> float:
        """Seconds to wait before repetition number *attempt*, from 1."""
        return self.pause.total_seconds() * 2.0 ** (attempt - 1)


class CallOptions(TypedDict, total=False):
    """What a call may say beside service, method and path; the fields of :class:`Call`."""

    query: Query
    headers: Query
    body: Body | None
    purpose: str
    officer: str
    idempotent: bool
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a service, before it is sent."""

    service: ServiceId
    method: str = "GET"
    path: str = ""
    """Service path, starting with ``/`` or empty; reserved characters are percent-encoded by the caller."""
    query: Query = ()
    headers: Query = ()
    """More headers for the service."""
    body: Body | None = field(default=b"", repr=False)
    """Bytes, or pieces that are read once; None is no body, like ``b""``."""
    purpose: str = ""
    """``X-Road-Issue``: the dossier code, or ``LAW:`` and a citation."""
    officer: str = ""
    """``X-Road-UserId``: who asks."""
    idempotent: bool = False
    """Whether repeating the call does no harm; GET, HEAD and OPTIONS always may be repeated."""
    message_id: str = ""
    """``X-Road-Id``; empty chooses a new one."""

    def __post_init__(self) -> None:
        if isinstance(self.body, str | Mapping):
            raise TypeError(
                f"a body is bytes, or pieces that are bytes, not {type(self.body).__name__}: encode it first"
            )
        if self.body is None or isinstance(self.body, bytearray | memoryview):
            object.__setattr__(self, "body", bytes(self.body or b""))

    @property
    def attempts(self) -> int:
        """How often the call may be sent in all: a body that can be read only once is never sent twice."""
        may_repeat = self.idempotent or self.method.upper() in _SAFE_METHODS
        return 1 + RETRIES if may_repeat and isinstance(self.body, bytes) else 1

    def target(self) -> str:
        """The raw request target, ``/r1/…``."""
        path = self.path if not self.path or self.path.startswith("/") else f"/{self.path}"
        pairs = list(self.query.items()) if isinstance(self.query, Mapping) else list(self.query)
        query = f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""
        return f"/r1/{encode_path(self.service)}{quote(path, safe=_PATH_SAFE)}{query}"

    def header_list(self, client: ClientId, message_id: str) -> list[tuple[str, str]]:
        """Headers to send, those of the exchange last and never doubled."""
        own = {"X-Road-Client": encode_path(client), "X-Road-Id": message_id}
        if self.officer:
            own["X-Road-UserId"] = self.officer
        if self.purpose:
            own["X-Road-Issue"] = self.purpose
        reserved = {name.lower() for name in own}
        given = self.headers.items() if isinstance(self.headers, Mapping) else self.headers
        pairs = [(name, value) for name, value in given if name.lower() not in reserved]
        for name, value in (*pairs, *own.items()):
            if any(character in "\r\n\0" for character in name + value):
                raise ValueError(f"header {name!r} holds a line break")
        return [*pairs, *own.items()]


def build_call(service: ServiceId | str, method: str, path: str, options: CallOptions) -> Call:
    """The call that a system describes in words; raises IdentifierError for a malformed service."""
    known = service if isinstance(service, ServiceId) else parse_service(service)
    return Call(service=known, method=method.upper(), path=path, **options)


def choose_message_id(call: Call, client: ClientId) -> str:
    """The id a call goes out with, the same for every repetition. Source: message-path s.2.4."""
    return call.message_id or f"{client.instance}-{uuid4()}"
