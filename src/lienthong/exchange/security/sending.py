"""Lays an outgoing transport message out: one run of bytes when small, a stream around the spooled body when not.

Source: message-path dossier s.3.5, s.3.6.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.security.bodies import SMALL_BODY
from lienthong.exchange.security.ports import Outgoing, SpooledBody
from lienthong.exchange.transport import content
from lienthong.exchange.transport.writer import MultipartWriter, Part, write_message


async def lay_out(
    *,
    ocsp_responses: Sequence[bytes],
    message_type: str,
    message: bytes,
    body: SpooledBody | None,
    signed: SignedMessage,
    boundary: str,
) -> Outgoing:
    """The bytes of a message, or a stream of them that can be started again."""
    before = [*(Part(content.OCSP_RESPONSE_TYPE, der) for der in ocsp_responses), Part(message_type, message)]
    after = _evidence(signed)
    if body is None:
        return write_message([*before, *after], boundary=boundary)
    if body.size_bytes <= SMALL_BODY:
        small = Part(content.REST_BODY_TYPE, await body.read_small(SMALL_BODY))
        return write_message([*before, small, *after], boundary=boundary)
    return lambda: _stream(before, body, after, boundary)


def _evidence(signed: SignedMessage) -> list[Part]:
    parts = []
    if signed.hash_chain_result is not None and signed.hash_chain is not None:
        parts.append(Part(content.HASH_CHAIN_RESULT_TYPE, signed.hash_chain_result))
        parts.append(Part(content.HASH_CHAIN_TYPE, signed.hash_chain))
    parts.append(Part(content.SIGNATURE_TYPE, signed.signature_xml))
    return parts


async def _stream(
    before: Sequence[Part], body: SpooledBody, after: Sequence[Part], boundary: str
) -> AsyncIterator[bytes]:
    writer = MultipartWriter(boundary)
    head = b"".join(writer.write_part(part) for part in before)
    yield head + writer.open_part(content.REST_BODY_TYPE)
    async for chunk in body.chunks():
        yield chunk
    yield b"".join(writer.write_part(part) for part in after) + writer.close()
