"""What information systems and services speak beside a lone envelope: a multipart whose first part is the envelope.

Attachments pass through as they came; nothing of a transfer encoding is undone, and one part with another multipart in
it is one attachment. Source: RFC 2387; message-path dossier s.2.7; SOAP Messages with Attachments; MTOM.
"""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.media_types import SOAP_MEDIA_TYPES, media_type
from lienthong.exchange.message.soap import require_envelope_size
from lienthong.exchange.transport.reader import End, Event, MultipartReader, PartData, PartEnd, PartStart
from lienthong.exchange.transport.writer import Part

RELATED_MEDIA_TYPE = "multipart/related"


def require_soap_type(content_type: str) -> None:
    """Refuse a part in the envelope's place that says it is something else.

    Raises:
        Fault: ``invalid_content_type``.
    """
    if media_type(content_type) not in SOAP_MEDIA_TYPES:
        raise Fault("invalid_content_type", f"Invalid content type for SOAP message: {content_type}")


def require_type(start: PartStart) -> None:
    """Refuse an attachment that does not say what it is; raises Fault ``invalid_content_type``."""
    if not start.content_type:
        raise Fault("invalid_content_type", "A part of the multipart has no Content-Type")


class RelatedReader:
    """Keeps the envelope of a multipart and hands the events of its attachments on, however the bytes are cut."""

    __slots__ = ("_pieces", "_reader", "_size", "_start", "envelope")

    def __init__(self, boundary: str) -> None:
        self._reader = MultipartReader(boundary)
        self._start: PartStart | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self.envelope: Part | None = None
        """The first part, once it came whole."""

    def feed(self, data: bytes) -> list[Event]:
        """The events of attachments that *data* completes.

        Raises:
            Fault: ``invalid_content_type``; ``invalid_soap`` when the envelope is too large; as
                :class:`~lienthong.exchange.transport.reader.MultipartReader` does.
        """
        return self._after_envelope(self._reader.feed(data))

    def close(self) -> list[Event]:
        """The events that the end of input brings.

        Raises:
            Fault: ``invalid_message`` when it ends inside the envelope.
        """
        events = self._reader.close()
        if self.envelope is None and End(is_complete=False, in_part=True) in events:
            raise Fault("invalid_message", "The multipart ends inside its envelope: no delimiter follows")
        return self._after_envelope(events)

    def _after_envelope(self, events: list[Event]) -> list[Event]:
        pending = iter(events)
        while self.envelope is None and (event := next(pending, None)) is not None:
            self._gather(event)
        rest = list(pending)
        for event in rest:
            if isinstance(event, PartStart):
                require_type(event)
        return rest

    def _gather(self, event: Event) -> None:
        match event:
            case PartStart():
                require_soap_type(event.content_type)
                self._start = event
            case PartData(data):
                self._size += len(data)
                require_envelope_size(self._size)
                self._pieces.append(data)
            case PartEnd() if self._start is not None:
                self.envelope = Part(self._start.content_type, b"".join(self._pieces), self._start.further_headers)
