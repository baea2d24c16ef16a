"""SOAP services: how a system calls one, and how it offers one, in front of any X-Road 7 security server.

Source: message-path dossier s.2.7, s.2.8; PR-MESS 4.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self, TypedDict
from uuid import uuid4

from lienthong.exchange.connector.answers import Answer, CallFault, UnreachableError
from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.connector.envelopes import (
    CONTENT_TYPE,
    Element,
    Envelope,
    EnvelopeError,
    FaultBody,
    Payload,
    SoapHeaders,
    read_envelope,
    write_envelope,
    write_fault,
)
from lienthong.exchange.connector.related import SoapAttachment, read_related, write_related
from lienthong.exchange.connector.requests import Call
from lienthong.exchange.identifiers import (
    ClientId,
    IdentifierError,
    SecurityServerId,
    ServiceId,
    parse_client,
    parse_server,
)


class SoapFault(CallFault):
    """A SOAP fault came back: of the exchange, its code in the catalogue, or of the service, relayed as it was."""

    def __init__(self, fault: FaultBody, *, message_id: str = "") -> None:
        super().__init__(
            fault.code, fault.message, detail=fault.detail, actor=fault.actor, status=200, message_id=message_id
        )
        self.element = fault.element


class SoapOptions(TypedDict, total=False):
    """What a SOAP call may say beside service and body."""

    purpose: str
    officer: str
    idempotent: bool
    message_id: str
    represented_party: str
    """``code`` or ``class/code``."""
    security_server: SecurityServerId | str
    """``INSTANCE/CLASS/CODE/SERVER``: the one that shall answer."""
    attachments: Sequence[SoapAttachment]
    action: str
    """``SOAPAction`` without its quotes, for services that go by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapCall(Call):
    """One SOAP call, before it is sent; its body is the whole message."""

    content_type: str
    """Of the body."""
    action: str = ""
    """``SOAPAction`` without its quotes."""
    envelope: bytes = field(default=b"", repr=False)
    """Of the body, without attachments."""

    def target(self) -> str:
        """The root: the header blocks say what is asked for."""
        return "/"

    def header_list(self, client: ClientId, message_id: str) -> list[tuple[str, str]]:
        """Headers to send; who asks for what stands in the envelope."""
        return [("Content-Type", self.content_type), ("SOAPAction", f'"{self.action}"')]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapAnswer:
    """An answer of a SOAP service."""

    body: Element
    """The one element of the answer's body."""
    headers: SoapHeaders
    """The same as in the request."""
    attachments: tuple[SoapAttachment, ...] = ()
    envelope: bytes = field(repr=False)
    """As it came, as both message logs keep it."""
    question: bytes = field(default=b"", repr=False)
    """The envelope that was sent, as both message logs keep it."""

    @property
    def message_id(self) -> str:
        """``id`` of the call, as both message logs keep it."""
        return self.headers.message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapRequest:
    """A request that a security server passes on to a service of this system."""

    headers: SoapHeaders
    body: Element
    """The one element of the request's body."""
    attachments: tuple[SoapAttachment, ...] = ()

    @classmethod
    def read(cls, content_type: str, body: bytes) -> Self:
        """Read what was posted; raises EnvelopeError where it did not come through a security server."""
        envelope, attachments = read_related(content_type, body)
        read = _read(envelope)
        if isinstance(read, FaultBody):
            raise EnvelopeError("a fault where a request belongs")
        return cls(headers=read.headers, body=read.body, attachments=attachments)

    @property
    def caller(self) -> Caller:
        """Who asks, authenticated by the security servers."""
        told = self.headers
        return Caller(
            client=told.client,
            user_id=told.user_id,
            issue=told.issue,
            message_id=told.message_id,
            represented_party=told.represented_party,
        )

    def answer(self, payload: Payload, *attachments: SoapAttachment) -> tuple[str, bytes]:
        """Content type and body of the answer: *payload* with the request's header blocks, as the protocol wants."""
        return write_related(write_envelope(self.headers, payload), attachments, boundary=_boundary())


def soap_fault(code: str, message: str, *, detail: str = "") -> tuple[str, bytes]:
    """Content type and body of a refusal by the service; *code* is ``SOAP-ENV:Client`` where the caller is at fault."""
    return CONTENT_TYPE, write_fault(code, message, detail=detail)


def build_soap_call(client: ClientId, service: ServiceId | str, payload: Payload, options: SoapOptions) -> SoapCall:
    """The call that a system describes in words; raises IdentifierError for a malformed service or server."""
    known = service if isinstance(service, ServiceId) else parse_soap_service(service)
    server = options.get("security_server")
    headers = SoapHeaders(
        client=client,
        service=known,
        message_id=options.get("message_id") or f"{client.instance}-{uuid4()}",
        user_id=options.get("officer", ""),
        issue=options.get("purpose", ""),
        represented_party=options.get("represented_party", ""),
        security_server=parse_server(server) if isinstance(server, str) else server,
    )
    envelope = write_envelope(headers, payload)
    content_type, body = write_related(envelope, options.get("attachments", ()), boundary=_boundary())
    return SoapCall(
        service=known,
        method="POST",
        body=body,
        content_type=content_type,
        action=options.get("action", ""),
        envelope=envelope,
        idempotent=options.get("idempotent", False),
        message_id=headers.message_id,
    )


def read_soap_answer(answer: Answer, call: Call | None = None) -> SoapAnswer:
    """Read what came back for *call*; raises SoapFault for a refusal, UnreachableError where it is no SOAP at all."""
    try:
        envelope, attachments = read_related(answer.header("Content-Type"), answer.body)
        read = _read(envelope)
    except EnvelopeError as exc:
        words = f"the security server gave no SOAP answer: HTTP status {answer.status}, {exc}"
        raise UnreachableError(words, message_id=answer.message_id) from exc
    if isinstance(read, FaultBody):
        raise SoapFault(read, message_id=answer.message_id)
    question = call.envelope if isinstance(call, SoapCall) else b""
    return SoapAnswer(
        body=read.body, headers=read.headers, attachments=attachments, envelope=envelope, question=question
    )


def parse_soap_service(text: str) -> ServiceId:
    """Read ``INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE`` with or without ``/VERSION``; raises IdentifierError."""
    parts = text.split("/")
    if len(parts) not in {5, 6}:
        raise IdentifierError(f"{text!r} is not INSTANCE/CLASS/CODE/SUBSYSTEM/SERVICE[/VERSION]")
    return ServiceId(parse_client("/".join(parts[:4])), *parts[4:])


def _read(envelope: bytes) -> Envelope | FaultBody:
    try:
        return read_envelope(envelope)
    except IdentifierError as exc:
        raise EnvelopeError(f"the header holds no identifier: {exc}") from exc


def _boundary() -> str:
    return f"lienthong{uuid4().hex}"
