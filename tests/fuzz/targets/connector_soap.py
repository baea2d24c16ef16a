"""What a system reads of SOAP: what was read and is written again says the same, alone or beside attachments."""

from __future__ import annotations

import re

from lienthong.exchange.connector.envelopes import Envelope, EnvelopeError, read_envelope, write_envelope
from lienthong.exchange.connector.related import read_related, write_related
from lienthong.exchange.identifiers import IdentifierError

REFUSES = (EnvelopeError, IdentifierError)
_BOUNDARY = re.compile(rb"\A\s*--([!-~]{1,70})")
_FRESH = "a-boundary-that-no-fuzzer-finds-in-any-of-its-lives"


def read(data: bytes) -> None:
    found = _BOUNDARY.match(data)
    content_type = f'multipart/related; boundary="{found[1].decode()}"' if found else "text/xml"
    envelope, attachments = read_related(content_type, data)
    message = read_envelope(envelope)
    if isinstance(message, Envelope):
        again = read_envelope(write_envelope(message.headers, message.body))
        assert isinstance(again, Envelope)
        assert again.headers == message.headers
    named, written = write_related(envelope, (), boundary=_FRESH)
    assert read_related(named, written) == (envelope, ())
    assert all(attachment.body in data for attachment in attachments)
