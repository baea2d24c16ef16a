"""Lays outgoing messages out: one run of bytes when small, a stream around the spooled bodies when not.

Source: message-path dossier s.2.7, s.2.8, s.3.5, s.3.6.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence

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
    """An envelope with its attachments as services and information systems read them."""
    writer = MultipartWriter(boundary, Framing.RELATED)
    return await pour([writer.write_part(envelope), *_framed(attachments, writer)])


async def pour(pieces: Sequence[Piece]) -> Outgoing:
    """One run of bytes when all is small, else a stream that can be started again."""
    if sum(0 if isinstance(piece, bytes) else piece.size_bytes for piece in pieces) > SMALL_BODY:
        return lambda: _stream(pieces)
    read = [piece if isinstance(piece, bytes) else await piece.read_small(SMALL_BODY) for piece in pieces]
    return b"".join(read)


def stream_of(outgoing: Outgoing) -> Callable[[], AsyncIterator[bytes]]:
    """The same as a stream, which HTTP sends in chunks."""
    return (lambda: _stream([outgoing])) if isinstance(outgoing, bytes) else outgoing


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


async def _stream(pieces: Sequence[Piece]) -> AsyncIterator[bytes]:
    for piece in pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            async for chunk in piece.chunks():
                yield chunk
