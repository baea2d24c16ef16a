"""Puts the parts of an incoming transport message together, as they arrive.

Only headers, hash chains and the signature are held in memory, each within a limit; a body goes to the spool.
Source: message-path dossier s.3.6, s.3.8 step 2.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import msgspec

from lienthong.exchange.errors import ExchangeError, Fault
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.transport.http import Body
from lienthong.exchange.transport.reader import Event, MultipartReader, PartData, PartEnd, PartStart
from lienthong.exchange.transport.sequence import Direction, PartKind, PartSequence, check_ocsp_part
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
    """REST header block, exactly as received."""
    body: SpooledBody | None = None
    """REST body; present even when empty if its part was."""
    hash_chain_result: bytes | None = None
    """Signed object of a batch signature."""
    hash_chain: bytes | None = None
    """The way from this message's parts to the result."""
    signature: bytes | None = None
    """XAdES document."""
    fault: bytes | None = None
    """SOAP fault that stands in place of the message or of the signature."""


OnMessage = Callable[[ReceivedMessage], Awaitable[None]]

_FIELDS = {
    PartKind.REST_MESSAGE: "message",
    PartKind.HASH_CHAIN_RESULT: "hash_chain_result",
    PartKind.HASH_CHAIN: "hash_chain",
    PartKind.SIGNATURE: "signature",
    PartKind.FAULT: "fault",
    PartKind.SOAP_MESSAGE: "fault",
}
"""Where the content of a finished part goes; a SOAP message in a REST exchange can only be a fault."""


class _Assembler:
    """Takes events one by one."""

    def __init__(
        self, direction: Direction, bodies: Bodies, algorithm: DigestAlgorithm, on_message: OnMessage | None
    ) -> None:
        self.received = ReceivedMessage()
        self.sequence = PartSequence(direction)
        self.kind: PartKind | None = None
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
        for content_type, content in parts:
            kind = self._accept(content_type)
            if kind is PartKind.REST_BODY:
                self.received.body = await self._bodies.take(content, self._algorithm)
            elif (waiting := self._keep(kind, content)) is not None:
                await waiting

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
                self._start(event.content_type)
            case PartEnd():
                return self._end()
        return None

    def _accept(self, content_type: str) -> PartKind:
        kind = self.sequence.accept(content_type)
        if kind is PartKind.ATTACHMENTS:
            raise Fault("invalid_content_type", f"A REST message has no attachments: {content_type}")
        return kind

    def _start(self, content_type: str) -> None:
        self.kind = self._accept(content_type)
        self._pieces, self._size = [], 0
        if self.kind is PartKind.REST_BODY:
            self.received.body = self._bodies.open(self._algorithm)

    def _data(self, data: bytes) -> Awaitable[None] | None:
        if self.kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.write(data)
        self._size += len(data)
        if self._size > MAX_PART_BYTES:
            raise Fault("invalid_message", f"A part is larger than {MAX_PART_BYTES} bytes; only a body may be")
        self._pieces.append(data)
        return None

    def _end(self) -> Awaitable[None] | None:
        kind, self.kind = self.kind, None
        if kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.finish()
        return None if kind is None else self._keep(kind, b"".join(self._pieces))

    def _keep(self, kind: PartKind, content: bytes) -> Awaitable[None] | None:
        """Put a part that is no body in its place; what is left to be waited for, if anything."""
        if kind is PartKind.OCSP_RESPONSE:
            self._add_ocsp(content)
            return None
        setattr(self.received, _FIELDS[kind], content)
        if kind is PartKind.SOAP_MESSAGE:
            self.sequence.end_with_fault()
        if kind is PartKind.REST_MESSAGE and self._on_message is not None:
            return self._on_message(self.received)
        return None

    def _add_ocsp(self, content: bytes) -> None:
        if len(self.received.ocsp_responses) >= MAX_OCSP_RESPONSES:
            raise Fault("invalid_message", f"More than {MAX_OCSP_RESPONSES} OCSP responses")
        check_ocsp_part(content)
        self.received.ocsp_responses.append(content)


async def receive_message(
    body: Body,
    *,
    boundary: str,
    direction: Direction,
    bodies: Bodies,
    algorithm: DigestAlgorithm,
    on_message: OnMessage | None = None,
) -> tuple[ReceivedMessage, PartSequence]:
    """Read a transport message to its end.

    Args:
        bodies: Holds the body part.
        algorithm: Hashes it, beside our own.
        on_message: Called once when the header block has come, before anything after it is read.
    Returns:
        The parts, and the sequence that says whether all obligatory ones came (``finish``).
    Raises:
        Fault: the order, a type or a size is wrong; ``io_error`` when the sender stopped before the end.
    """
    assembler = _Assembler(direction, bodies, algorithm, on_message)
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
