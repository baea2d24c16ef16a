"""What comes back from a call: an answer of the service, or a refusal of the exchange."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lienthong.exchange.errors import ExchangeError, Fault

_RETRYABLE = {"network_error", "networkerror", "io_error", "ioerror"}
"""Last words, lower-cased, of faults after which nothing may have happened. Source: message-path s.8.2."""


class UnreachableError(ExchangeError):
    """The security server could not be reached, or did not finish its answer."""

    def __init__(self, message: str, *, message_id: str) -> None:
        super().__init__(message)
        self.message_id = message_id


class AnswerTooLargeError(ExchangeError):
    """The body of an answer passes the limit of the caller; read it as a stream."""


class CallFault(Fault):
    """A call was refused; where the exchange refused it, the code is in its catalogue. Source: message-path s.8.2."""

    def __init__(
        self, code: str, message: str, *, detail: str = "", actor: str = "", status: int = 500, message_id: str = ""
    ) -> None:
        super().__init__(code, message, detail=detail, actor=actor)
        self.status = status
        self.message_id = message_id

    @property
    def is_retryable(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.code.rpartition(".")[2].lower() in _RETRYABLE


class RestFault(CallFault):
    """The exchange refused the call: an answer with ``X-Road-Error``. Source: message-path s.2.6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of a service."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """Every header, in order."""
    body: bytes = field(repr=False)
    message_id: str
    """``X-Road-Id`` of the call, as both message logs keep it."""

    def header(self, name: str, default: str = "") -> str:
        """The last value of a header, its name in any case."""
        return find_header(self.headers, name) or default

    def json(self) -> object:
        """The body read as JSON; raises ValueError, also where it is nested too deeply to read."""
        try:
            return json.loads(self.body)
        except RecursionError as exc:
            raise ValueError("the body is nested too deeply") from exc

    @property
    def text(self) -> str:
        """The body as UTF-8 text, foreign bytes replaced."""
        return self.body.decode("utf-8", errors="replace")


def find_header(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """The last value of a header, ``None`` where absent."""
    wanted = name.lower()
    return next((value for each, value in reversed(headers) if each.lower() == wanted), None)


def take(body: bytearray, chunk: bytes, *, limit: int) -> None:
    """Append *chunk* to *body*, or raise AnswerTooLargeError where that passes *limit* bytes."""
    if len(body) + len(chunk) > limit:
        raise AnswerTooLargeError(f"the answer is larger than {limit} bytes")
    body += chunk


def gather(chunks: Iterable[bytes], *, limit: int) -> bytes:
    """Join the pieces of a body of at most *limit* bytes; raises AnswerTooLargeError."""
    body = bytearray()
    for chunk in chunks:
        take(body, chunk, limit=limit)
    return bytes(body)


def read_fault(code: str, body: bytes, *, status: int, message_id: str) -> RestFault:
    """Read the refusal in an answer that bears ``X-Road-Error``; a body nobody understands leaves the code."""
    message, detail = _read_json(body) or _read_xml(body) or ("", "")
    return RestFault(code, message or "no text given", detail=detail, status=status, message_id=message_id)


def _read_json(body: bytes) -> tuple[str, str] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    return str(document.get("message") or ""), str(document.get("detail") or "")


def _read_xml(body: bytes) -> tuple[str, str] | None:
    from lxml import etree  # few refusals come as XML, and callers start sooner without it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None:
        return None
    return root.findtext("message") or "", root.findtext("detail") or ""
