"""Lays outgoing messages out: one run of bytes when small, a stream around the spooled bodies when not.

Source: message-path dossier s.2.7, s.2.8, s.3.5, s.3.6.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.security.attachments import Attachment
from lienthong.exchange.security.bodies import SMALL_BODY
from lienthong.exchange.security.ports import Outgoing, SpooledBody
from lienthong.exchange.transport import content
from lienthong.exchange.transport.writer import Framing, MultipartWriter, Part, write_message

Piece = bytes | SpooledBody
"""Of an outgoing message."""


async def lay_out(
    *,
    ocsp_responses: Sequence[bytes],
    message: Part,
    body: SpooledBody | None,
    attachments: Sequence[Attachment],
    signed: SignedMessage,
    boundary: str,
) -> Outgoing:
    """A transport message: its bytes, or a stream of them that can be started again.

    Args:
        message: REST header block or SOAP envelope.
        body: Of a REST message.
        attachments: Of a SOAP message.
    """
    before = [*(Part(content.OCSP_RESPONSE_TYPE, der) for der in ocsp_responses), message]
    after = _evidence(signed)
    if body is None and not attachments:
        return write_message([*before, *after], boundary=boundary)
    writer = MultipartWriter(boundary)
    head = b"".join([writer.write_part(part) for part in before])
    if body is not None:
        pieces: list[Piece] = [head + writer.open_part(content.REST_BODY_TYPE), body]
    else:
        nested = content.attachment_boundary(boundary)
        pieces = [head + writer.open_part(content.message_content_type(nested))]
        pieces += _framed(attachments, MultipartWriter(nested, Framing.NESTED))
    pieces.append(b"".join([writer.write_part(part) for part in after]) + writer.close())
    return await pour(pieces)


async def lay_out_related(envelope: Part, attachments: Sequence[Attachment], *, boundary: str) -> Outgoing:
    """An envelope with its attachments as services and information systems read them.

    The boundary is one that another server names, so what is signed as one part must not be read as two.

    Raises:
        Fault: ``invalid_message`` when a part holds the boundary; in a stream, as soon as it comes.
    """
    writer, delimiter = MultipartWriter(boundary, Framing.RELATED), b"\n--" + boundary.encode("ascii")
    watch = _Watch(delimiter)
    watch.look(envelope.body)
    watch.end()
    return await pour([writer.write_part(envelope), *_framed(attachments, writer)], delimiter=delimiter)


async def pour(pieces: Sequence[Piece], *, delimiter: bytes = b"") -> Outgoing:
    """One run of bytes when all is small, else a stream that can be started again; no body may hold *delimiter*."""
    if sum(0 if isinstance(piece, bytes) else piece.size_bytes for piece in pieces) > SMALL_BODY:
        return lambda: _stream(pieces, delimiter)
    if delimiter:
        return b"".join([data async for data in _stream(pieces, delimiter)])
    return b"".join([piece if isinstance(piece, bytes) else await piece.read_small(SMALL_BODY) for piece in pieces])


def stream_of(outgoing: Outgoing) -> Callable[[], AsyncIterator[bytes]]:
    """The same as a stream, which HTTP sends in chunks."""
    return (lambda: _stream([outgoing], b"")) if isinstance(outgoing, bytes) else outgoing


def _evidence(signed: SignedMessage) -> list[Part]:
    parts = []
    if signed.hash_chain_result is not None and signed.hash_chain is not None:
        parts.append(Part(content.HASH_CHAIN_RESULT_TYPE, signed.hash_chain_result))
        parts.append(Part(content.HASH_CHAIN_TYPE, signed.hash_chain))
    parts.append(Part(content.SIGNATURE_TYPE, signed.signature_xml))
    return parts


def _framed(attachments: Sequence[Attachment], writer: MultipartWriter) -> Iterator[Piece]:
    for attachment in attachments:
        yield writer.open_part(attachment.content_type, attachment.headers)
        yield attachment.body
    yield writer.close()


async def _stream(pieces: Sequence[Piece], delimiter: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
            continue
        watch = _Watch(delimiter) if delimiter else None
        async for chunk in piece.chunks():
            if watch is not None:
                watch.look(chunk)
            yield chunk
        if watch is not None:
            watch.end()


class _Watch:
    """Finds a delimiter in content, however it is cut; the line before content has ended."""

    def __init__(self, delimiter: bytes) -> None:
        self._line = re.compile(re.escape(delimiter) + rb"(?:--|[ \t\r\n])")
        self._kept = len(delimiter) + 1
        self._delimiter = delimiter
        self._before = b"\n"

    def look(self, data: bytes) -> None:
        """Refuse what holds it; a longer boundary that begins like it is another."""
        seen = self._before + data
        self._refuse(self._line.search(seen) is not None)
        self._before = seen[-self._kept :]

    def end(self) -> None:
        """Refuse content that ends with it, or as if its line went on."""
        self._refuse(self._before.endswith((self._delimiter, self._delimiter + b"-")))

    def _refuse(self, found: bool) -> None:
        if found:
            raise Fault("invalid_message", "A part of the message holds the boundary of the multipart it goes into")
