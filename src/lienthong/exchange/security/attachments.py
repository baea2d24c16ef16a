"""What a SOAP message carries beside its envelope. Source: message-path dossier s.2.7, s.3.5, s.4.1."""

from __future__ import annotations

import msgspec

from lienthong.exchange.security.ports import SpooledBody


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """One MIME body beside an envelope, opaque to the exchange: its bytes are signed as transferred, its headers not."""

    content_type: str
    """Of the part, as received; every part must have one."""
    headers: bytes
    """Its further header lines verbatim, each ending in CRLF."""
    body: SpooledBody
    """Content as transferred: no transfer encoding is undone."""


class SoapAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What answers a SOAP request: a service behind this server, or a metaservice of its own."""

    envelope: bytes
    """Exactly as the service sent it."""
    content_type: str
    """Of the whole answer: of the envelope, or the multipart with its boundary."""
    attachments: tuple[Attachment, ...] = ()
    """In the order of their numbers."""
