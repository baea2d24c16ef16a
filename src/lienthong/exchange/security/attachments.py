"""What a SOAP message carries beside its envelope. Source: message-path dossier s.2.7, s.3.5, s.4.1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from lienthong.exchange.errors import Fault
from lienthong.exchange.security.bodies import OUR_HASH, Bodies
from lienthong.exchange.security.ports import SpooledBody, SpooledParts
from lienthong.exchange.transport.reader import Event, PartData, PartEnd, PartStart
from lienthong.exchange.transport.related import require_type
from lienthong.trust.algorithms import DigestAlgorithm

MAX_ATTACHMENTS = 1000
"""Their contents share one file, but each has headers and digests, held until its message is done."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """One MIME body, opaque to the exchange: its bytes are signed as transferred, its headers are not."""

    content_type: str
    """Of the part, as received; every part must have one."""
    headers: bytes
    """Its further header lines verbatim, each ending in CRLF."""
    body: SpooledBody
    """Content as transferred: no transfer encoding is undone."""


class SoapAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What answers a SOAP request: a service behind this server, or a metaservice of its own."""

    envelope: bytes
    """Without the request hash, which the flow inserts."""
    content_type: str
    """Of the whole answer: of the envelope, or the multipart with its boundary."""
    attachments: tuple[Attachment, ...] = ()
    """In the order of their numbers."""


def signed_bodies(body: SpooledBody | None, attachments: Sequence[Attachment]) -> Sequence[SpooledBody]:
    """What ``/attachment1`` and the next ones are: the body of a REST message, or the attachments of a SOAP message."""
    return [attachment.body for attachment in attachments] if body is None else (body,)


class AttachmentTaker:
    """Spools attachments as their events arrive, all in one place."""

    def __init__(self, bodies: Bodies, *, algorithm: DigestAlgorithm = OUR_HASH, limit: int | None = None) -> None:
        """*limit*: bytes of all of them together (``limits.body_bytes``); None where another server sends them."""
        self._bodies = bodies
        self._algorithm = algorithm
        self._limit = limit
        self._size = 0
        self._place: SpooledParts | None = None
        self._start: PartStart | None = None
        self._taken: list[Attachment] = []

    async def take(self, events: Iterable[Event]) -> None:
        """Take events in turn.

        Raises:
            Fault: ``invalid_content_type`` for a part without one, ``invalid_message`` for one too many,
                ``invalid_request`` over the limit.
        """
        for event in events:
            match event:
                case PartData(data) if self._place is not None:
                    self._count(len(data))
                    await self._place.write(data)
                case PartStart():
                    self._begin(event)
                case PartEnd() if self._place is not None and self._start is not None:
                    start, body = self._start, await self._place.cut()
                    attachment = Attachment(content_type=start.content_type, headers=start.further_headers, body=body)
                    self._taken.append(attachment)

    async def finish(self) -> tuple[Attachment, ...]:
        """Those that came, in order; they can be read from now on."""
        if self._place is not None:
            await self._place.finish()
        return tuple(self._taken)

    def _begin(self, start: PartStart) -> None:
        require_type(start)
        if len(self._taken) >= MAX_ATTACHMENTS:
            raise Fault("invalid_message", f"A message has more than {MAX_ATTACHMENTS} attachments")
        self._start = start
        self._place = self._place or self._bodies.open_parts(self._algorithm)

    def _count(self, size: int) -> None:
        self._size += size
        if self._limit is not None and self._size > self._limit:
            raise Fault("invalid_request", f"The attachments are longer than {self._limit} bytes (limits.body_bytes)")
