"""SOAP with attachments: multipart/related bodies held in memory.

Source: RFC 2387; RFC 2046 s.5.1; message-path s.2.7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.parser import HeaderParser

from lienthong.exchange.connector.envelopes import CONTENT_TYPE, EnvelopeError

_HEAD = (
    "--{boundary}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{id}>\r\n\r\n"
)
_ROOT = "envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class SoapAttachment:
    """A file beside an envelope; signed and logged with it."""

    content_id: str
    """By which the envelope names it, without ``<`` and ``>``; written by the system: letters, digits, ``.-_@``."""
    content_type: str = "application/octet-stream"
    body: bytes = field(repr=False)
    """As transferred, no transfer encoding undone."""


def write_related(envelope: bytes, attachments: Sequence[SoapAttachment], *, boundary: str) -> tuple[str, bytes]:
    """Content type and body of a message: the envelope alone, or a multipart that starts with it.

    Raises:
        ValueError: a name holds a line break, or an attachment the boundary.
    """
    if not attachments:
        return CONTENT_TYPE, envelope
    root = SoapAttachment(content_id=_ROOT, content_type=CONTENT_TYPE, body=envelope)
    written = b"\r\n".join(_part(part, boundary) for part in (root, *attachments))
    content_type = f'multipart/related; type="text/xml"; start="<{_ROOT}>"; boundary="{boundary}"'
    return content_type, written + f"\r\n--{boundary}--\r\n".encode()


def read_related(content_type: str, body: bytes) -> tuple[bytes, tuple[SoapAttachment, ...]]:
    """The envelope of a message and what comes beside it; raises EnvelopeError where the multipart cannot be read."""
    named = _header(f"Content-Type: {content_type}\r\n\r\n")
    if named.get_content_type() != "multipart/related":
        return body, ()
    boundary = named.get_boundary()
    if not boundary:
        raise EnvelopeError("a multipart names no boundary")
    parts = list(_parts(body, boundary.encode("latin-1", "replace")))
    if not parts:
        raise EnvelopeError("a multipart has no parts")
    return parts[0].body, tuple(parts[1:])


def _part(part: SoapAttachment, boundary: str) -> bytes:
    head = _HEAD.format(boundary=boundary, content_type=part.content_type, id=part.content_id)
    if head.count("\r\n") != 5 or head.count("\n") != 5:
        raise ValueError("the name or type of an attachment holds a line break")
    if boundary.encode() in part.body:
        raise ValueError("an attachment holds the boundary")
    return head.encode() + part.body


def _parts(body: bytes, boundary: bytes) -> Iterator[SoapAttachment]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise EnvelopeError("a multipart breaks off")
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        if not blank:
            raise EnvelopeError("a part of a multipart has no end of its headers")
        headers = _header(head.lstrip().decode("utf-8", "replace"))
        name = str(headers.get("Content-ID", "")).strip().removeprefix("<").removesuffix(">")
        yield SoapAttachment(content_id=name, content_type=str(headers.get("Content-Type", "")), body=content)


def _header(text: str) -> Message:
    return HeaderParser().parsestr(text)
