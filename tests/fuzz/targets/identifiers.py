"""Identifiers in every encoding: what is read is written back to the same identifier."""

from __future__ import annotations

import contextlib

from lienthong.exchange.identifiers import (
    IdentifierError,
    decode_client,
    decode_segment,
    decode_server,
    decode_service,
    encode_path,
    parse_client,
    parse_server,
    short_form,
)

REFUSES = (IdentifierError,)


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for decode in (decode_client, decode_server, decode_service):
        with contextlib.suppress(IdentifierError):
            identifier = decode(text)
            assert decode(encode_path(identifier)) == identifier
    for parse in (parse_client, parse_server):
        with contextlib.suppress(IdentifierError):
            assert short_form(parse(text)) == text
    for segment in text.split("/"):
        decode_segment(segment)
