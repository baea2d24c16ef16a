"""Reads what information systems and services send: the envelope first, so that it can be judged, then the rest.

Source: message-path dossier s.2.7.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import SOAP_MEDIA_TYPES, media_type
from lienthong.exchange.message.soap import ENVELOPE_BYTES_MAX, require_envelope_size
from lienthong.exchange.security.attachments import Attachment, AttachmentTaker
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import Body
from lienthong.exchange.transport.reader import Event
from lienthong.exchange.transport.related import RELATED_MEDIA_TYPE, RelatedReader
from lienthong.exchange.transport.writer import Part


class SoapReading:
    """One message on its way in."""

    def __init__(self, body: Body, content_type: str, bodies: Bodies, *, limit: int) -> None:
        """Begin with a message of this Content-Type; *limit*: bytes of all attachments together.

        Raises:
            Fault: ``invalid_content_type``.
        """
        base = media_type(content_type)
        if base not in SOAP_MEDIA_TYPES and base != RELATED_MEDIA_TYPE:
            raise Fault("invalid_content_type", f"Invalid content type: {content_type}")
        self._body = body
        self._content_type = content_type
        self._related = RelatedReader(content.boundary_of(content_type)) if base == RELATED_MEDIA_TYPE else None
        self._taker = AttachmentTaker(bodies, limit=limit)
        self._chunks: AsyncIterator[bytes] | None = None
        self._pending: list[Event] = []

    async def envelope(self) -> Part | None:
        """The envelope with its own type and headers; None where a multipart has no part at all.

        Raises:
            Fault: ``invalid_content_type`` where the first part is no envelope, ``invalid_soap`` where it is too large.
        """
        if self._related is None:
            return Part(self._content_type, await self._whole())
        reader, self._chunks = self._related, aiter(self._body)
        async for data in self._chunks:
            self._pending = reader.feed(data)
            if reader.envelope is not None:
                return reader.envelope
        self._pending = reader.close()
        return reader.envelope

    async def attachments(self) -> tuple[Attachment, ...]:
        """What follows the envelope, to the end of the message.

        Raises:
            Fault: as :class:`~lienthong.exchange.security.attachments.AttachmentTaker` does.
        """
        if self._related is None or self._chunks is None:
            return ()
        await self._taker.take(self._pending)
        async for data in self._chunks:
            await self._taker.take(self._related.feed(data))
        await self._taker.take(self._related.close())
        return await self._taker.finish()

    async def _whole(self) -> bytes:
        whole = self._body.take_whole(ENVELOPE_BYTES_MAX)
        if whole is not None:
            return whole
        pieces, size = [], 0
        async for data in self._body:
            size += len(data)
            require_envelope_size(size)
            pieces.append(data)
        return b"".join(pieces)
