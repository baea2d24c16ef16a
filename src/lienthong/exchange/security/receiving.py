"""Puts the parts of an incoming transport message together, as they arrive.

Only headers, hash chains and the signature are held in memory, each within a limit; a body goes to the spool.
Source: message-path dossier s.3.6, s.3.8 step 2.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from lienthong.exchange.errors import ExchangeError, Fault
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.message.soap import SoapMessage, parse_soap
from lienthong.exchange.security.attachments import Attachment, AttachmentTaker, signed_bodies
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.transport.content import boundary_of
from lienthong.exchange.transport.http import Body
from lienthong.exchange.transport.reader import Event, MultipartReader, PartData, PartEnd, PartStart
from lienthong.exchange.transport.sequence import Direction, PartKind, PartSequence, check_ocsp_part
from lienthong.exchange.transport.writer import Part
from lienthong.trust.algorithms import DigestAlgorithm

MAX_PART_BYTES = 10 * 1024 * 1024
"""Of a part that is kept in memory."""
SMALL_MESSAGE = 128 * 1024
"""Up to this size a message that came whole is read in one piece."""
MAX_OCSP_RESPONSES = 16
"""A chain is two or three certificates long."""


class ReceivedMessage(msgspec.Struct, kw_only=True):
    """What came, so far."""

    ocsp_responses: list[bytes] = msgspec.field(default_factory=list)
    """DER, of the sender's authentication chain, leaf first."""
    message: bytes | None = None
    """REST header block or SOAP envelope, exactly as received."""
    message_start: PartStart | None = None
    """How the part of the message began, or of the fault in its place."""
    soap: SoapMessage | None = None
    """What the envelope says, in a SOAP exchange."""
    foreign: bytes | None = None
    """REST header block in a SOAP exchange, which cannot use it."""
    body: SpooledBody | None = None
    """REST body; present even when empty if its part was."""
    attachments: tuple[Attachment, ...] = ()
    """Of a SOAP message."""
    hash_chain_result: bytes | None = None
    """Signed object of a batch signature."""
    hash_chain: bytes | None = None
    """The way from this message's parts to the result."""
    signature: bytes | None = None
    """XAdES document."""
    fault: bytes | None = None
    """SOAP fault that stands in place of the message or of the signature."""

    @property
    def message_part(self) -> Part:
        """The message with the type and the headers of its part."""
        start = self.message_start or PartStart(b"")
        return Part(start.content_type, self.message or b"", start.further_headers)

    @property
    def signed(self) -> SignedMessage:
        """The signature with its hash chain; raises Fault ``missing_signature``."""
        if self.signature is None:
            raise Fault("missing_signature", "Message does not have signature")
        return SignedMessage(
            signature_xml=self.signature, hash_chain_result=self.hash_chain_result, hash_chain=self.hash_chain
        )

    def require_soap(self) -> SoapMessage:
        """The message of a SOAP exchange; raises Fault ``missing_soap``."""
        if self.soap is None:
            raise Fault("missing_soap", "Message does not contain a SOAP envelope")
        return self.soap

    @property
    def signed_bodies(self) -> Sequence[SpooledBody]:
        """What is signed beside the message, in the order of its numbers."""
        return signed_bodies(self.body, self.attachments)


OnMessage = Callable[[ReceivedMessage], None]

_AFTER_MESSAGE = {
    PartKind.HASH_CHAIN_RESULT: "hash_chain_result",
    PartKind.HASH_CHAIN: "hash_chain",
    PartKind.SIGNATURE: "signature",
    PartKind.FAULT: "fault",
}
_FIELDS = {
    PartKind.REST_MESSAGE: {PartKind.REST_MESSAGE: "message", PartKind.SOAP_MESSAGE: "fault", **_AFTER_MESSAGE},
    PartKind.SOAP_MESSAGE: {PartKind.SOAP_MESSAGE: "message", PartKind.REST_MESSAGE: "foreign", **_AFTER_MESSAGE},
}
"""Where the content of a finished part goes, by the exchange's protocol: SOAP in a REST exchange is a fault."""


class _Assembler:
    """Takes events one by one."""

    def __init__(
        self,
        message_kind: PartKind,
        sequence: PartSequence,
        bodies: Bodies,
        algorithm: DigestAlgorithm,
        on_message: OnMessage | None,
    ) -> None:
        self.received = ReceivedMessage()
        self.sequence = sequence
        self.kind: PartKind | None = None
        self._message_kind = message_kind
        self._fields = _FIELDS[message_kind]
        self._attachments: _Nested | None = None
        self._bodies = bodies
        self._algorithm = algorithm
        self._on_message = on_message
        self._pieces: list[bytes] = []
        self._size = 0

    async def take_whole(self, reader: MultipartReader, message: bytes) -> None:
        """Take a message that came whole."""
        parts = reader.read_whole(message)
        if parts is None:
            await self.take_all(reader.feed(message))
            return
        for start, content in parts:
            kind = self._accept(start)
            if kind is PartKind.REST_BODY:
                self.received.body = await self._bodies.take(content, self._algorithm)
            elif kind is PartKind.ATTACHMENTS:
                await self._open_attachments(start).take_whole(content)
            else:
                self._keep(kind, content)

    async def take_all(self, events: Iterable[Event]) -> None:
        """Take events in turn, and wait where one makes us wait."""
        for event in events:
            if (waiting := self.take(event)) is not None:
                await waiting

    def take(self, event: Event) -> Awaitable[None] | None:
        """Take one event in; what is left to be waited for, if anything."""
        match event:
            case PartData(data):
                return self._data(data)
            case PartStart():
                self._start(event)
            case PartEnd():
                return self._end()
        return None

    def _accept(self, start: PartStart) -> PartKind:
        kind = self.sequence.accept(start.content_type)
        if kind is self._message_kind or kind is PartKind.SOAP_MESSAGE:
            self.received.message_start = start
        elif kind is PartKind.ATTACHMENTS and self._message_kind is PartKind.REST_MESSAGE:
            raise Fault("invalid_content_type", f"A REST message has no attachments: {start.content_type}")
        return kind

    def _start(self, start: PartStart) -> None:
        self.kind = self._accept(start)
        self._pieces, self._size = [], 0
        if self.kind is PartKind.REST_BODY:
            self.received.body = self._bodies.open(self._algorithm)
        elif self.kind is PartKind.ATTACHMENTS:
            self._open_attachments(start)

    def _open_attachments(self, start: PartStart) -> _Nested:
        self._attachments = _Nested(start, self.received, AttachmentTaker(self._bodies, algorithm=self._algorithm))
        return self._attachments

    def _data(self, data: bytes) -> Awaitable[None] | None:
        if self.kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.write(data)
        if self.kind is PartKind.ATTACHMENTS and self._attachments is not None:
            return self._attachments.take(data)
        self._size += len(data)
        if self._size > MAX_PART_BYTES:
            raise Fault("invalid_message", f"A part is larger than {MAX_PART_BYTES} bytes; only a body may be")
        self._pieces.append(data)
        return None

    def _end(self) -> Awaitable[None] | None:
        kind, self.kind = self.kind, None
        if kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.finish()
        if kind is PartKind.ATTACHMENTS and self._attachments is not None:
            return self._attachments.finish()
        if kind is not None:
            self._keep(kind, b"".join(self._pieces))
        return None

    def _keep(self, kind: PartKind, content: bytes) -> None:
        """Put a part that is no body in its place."""
        if kind is PartKind.OCSP_RESPONSE:
            self._add_ocsp(content)
            return
        setattr(self.received, self._fields[kind], content)
        if kind is PartKind.SOAP_MESSAGE and not self._is_soap_message(content):
            self.sequence.end_with_fault()
        elif kind is self._message_kind and self._on_message is not None:
            self._on_message(self.received)

    def _is_soap_message(self, envelope: bytes) -> bool:
        """Whether an envelope is the message of this exchange rather than a fault, which is then put in its place."""
        if self._message_kind is not PartKind.SOAP_MESSAGE:
            return False
        parsed = parse_soap(envelope, content_type=self.received.message_part.content_type)
        if isinstance(parsed, SoapMessage):
            self.received.soap = parsed
            return True
        self.received.message, self.received.fault = None, envelope
        return False

    def _add_ocsp(self, content: bytes) -> None:
        if len(self.received.ocsp_responses) >= MAX_OCSP_RESPONSES:
            raise Fault("invalid_message", f"More than {MAX_OCSP_RESPONSES} OCSP responses")
        check_ocsp_part(content)
        self.received.ocsp_responses.append(content)


class _Nested:
    """The multipart of attachments inside a message."""

    def __init__(self, start: PartStart, received: ReceivedMessage, taker: AttachmentTaker) -> None:
        self._reader = MultipartReader(boundary_of(start.content_type))
        self._received = received
        self._taker = taker

    async def take(self, data: bytes) -> None:
        await self._taker.take(self._reader.feed(data))

    async def finish(self) -> None:
        await self._taker.take(self._reader.close())
        self._received.attachments = await self._taker.finish()

    async def take_whole(self, content: bytes) -> None:
        await self.take(content)
        await self.finish()


async def receive_message(
    body: Body,
    *,
    boundary: str,
    direction: Direction,
    message_kind: PartKind,
    bodies: Bodies,
    algorithm: DigestAlgorithm,
    on_message: OnMessage | None = None,
) -> tuple[ReceivedMessage, PartSequence]:
    """Read a transport message to its end.

    Args:
        message_kind: What the exchange is about, a REST header block or a SOAP envelope.
        bodies: Holds the body part or the attachments.
        algorithm: Hashes them, beside our own.
        on_message: Called once when the message has come, before anything after it is read.
    Returns:
        The parts, and the sequence that says whether all obligatory ones came (``finish``).
    Raises:
        Fault: the order, a type or a size is wrong; ``io_error`` when the sender stopped before the end.
    """
    assembler = _Assembler(message_kind, PartSequence(direction), bodies, algorithm, on_message)
    reader = MultipartReader(boundary)
    try:
        whole = body.take_whole(SMALL_MESSAGE)
        if whole is not None:
            await assembler.take_whole(reader, whole)
        else:
            async for data in body:
                await assembler.take_all(reader.feed(data))
    except Fault:
        raise
    except ExchangeError as exc:
        # Cut inside the signature: what came cannot verify, and saying so is what peers see of a genuine server.
        if assembler.kind is not PartKind.SIGNATURE:
            raise Fault("io_error", f"The message was cut short: {exc}") from exc
    await assembler.take_all(reader.close())
    return assembler.received, assembler.sequence
