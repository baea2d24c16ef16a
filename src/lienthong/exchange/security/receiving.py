"""Puts the parts of an incoming transport message together, as they arrive.

Only headers, hash chains and the signature are held in memory, each within a limit; a body goes to the spool.
Source: message-path dossier s.3.6, s.3.8 step 2.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import msgspec

from lienthong.exchange.errors import ExchangeError, Fault
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.transport.http import Body
from lienthong.exchange.transport.reader import Event, MultipartReader, PartData, PartEnd, PartStart, WholePart
from lienthong.exchange.transport.sequence import Direction, PartKind, PartSequence, check_ocsp_part

MAX_PART_BYTES = 10 * 1024 * 1024
"""Of a part that is kept in memory."""
MAX_OCSP_RESPONSES = 16
"""A chain is two or three certificates long."""

OpenBody = Callable[[], SpooledBody]


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

    def __init__(self, direction: Direction, open_body: OpenBody, on_message: OnMessage | None) -> None:
        self.received = ReceivedMessage()
        self.sequence = PartSequence(direction)
        self.kind: PartKind | None = None
        self._open_body = open_body
        self._on_message = on_message
        self._pieces: list[bytes] = []
        self._size = 0

    async def take_parts(self, parts: Iterable[WholePart]) -> None:
        """Take parts that came whole."""
        for content_type, content in parts:
            self._start(content_type)
            if (waiting := self._data(content)) is not None:
                await waiting
            if (waiting := self._end()) is not None:
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

    def _start(self, content_type: str) -> None:
        self.kind = self.sequence.accept(content_type)
        self._pieces, self._size = [], 0
        if self.kind is PartKind.ATTACHMENTS:
            raise Fault("invalid_content_type", f"A REST message has no attachments: {content_type}")
        if self.kind is PartKind.REST_BODY:
            self.received.body = self._open_body()

    def _data(self, data: bytes) -> Awaitable[None] | None:
        if self.kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.write(data)
        self._size += len(data)
        if self._size > MAX_PART_BYTES:
            raise Fault("invalid_message", f"A part is larger than {MAX_PART_BYTES} bytes; only a body may be")
        self._pieces.append(data)
        return None

    def _end(self) -> Awaitable[None] | None:
        kind, content = self.kind, b"".join(self._pieces)
        self.kind = None
        if kind is PartKind.REST_BODY and self.received.body is not None:
            return self.received.body.finish()
        if kind is PartKind.OCSP_RESPONSE:
            self._add_ocsp(content)
        elif kind is not None:
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
    open_body: OpenBody,
    on_message: OnMessage | None = None,
) -> tuple[ReceivedMessage, PartSequence]:
    """Read a transport message to its end.

    Args:
        open_body: Gives the spooled body that the body part is written to.
        on_message: Called once when the header block has come, before anything after it is read.
    Returns:
        The parts, and the sequence that says whether all obligatory ones came (``finish``).
    Raises:
        Fault: the order, a type or a size is wrong; ``io_error`` when the sender stopped before the end.
    """
    assembler = _Assembler(direction, open_body, on_message)
    reader = MultipartReader(boundary)
    try:
        async for data in body:
            parts = reader.read_whole(data)
            await (assembler.take_all(reader.feed(data)) if parts is None else assembler.take_parts(parts))
    except Fault:
        raise
    except ExchangeError as exc:
        # Cut inside the signature: what came cannot verify, and saying so is what peers see of a genuine server.
        if assembler.kind is not PartKind.SIGNATURE:
            raise Fault("io_error", f"The message was cut short: {exc}") from exc
    await assembler.take_all(reader.close())
    return assembler.received, assembler.sequence
