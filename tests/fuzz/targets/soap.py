"""SOAP envelopes: messages and faults, the hash inserted, the envelope the log keeps; and who signs any message."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.signers import is_rest, signer_of
from lienthong.exchange.message.soap import (
    SoapFault,
    SoapMessage,
    check_request_hash,
    compare_answer,
    emptied,
    parse_soap,
    parse_soap_fault,
    require_soap_action,
    with_request_hash,
)

REFUSES = (Fault,)
_REQUEST = b"request"


def read(data: bytes) -> None:
    with contextlib.suppress(Fault):
        require_soap_action(data)
    with contextlib.suppress(Fault):
        assert parse_soap_fault(data).xml == data
    with contextlib.suppress(Fault):
        assert signer_of(data).instance
    first, _, rest = data.partition(b"\n")
    for content_type, envelope in (("text/xml", data), (first.decode("latin-1"), rest)):
        with contextlib.suppress(Fault):
            _use(envelope, content_type)
    if not is_rest(data):
        parse_soap(data, content_type="text/xml")


def _use(envelope: bytes, content_type: str) -> None:
    parsed = parse_soap(envelope, content_type=content_type)
    if isinstance(parsed, SoapFault):
        assert parsed.xml == envelope
        return
    kept = parse_soap(emptied(parsed), content_type="text/xml")
    assert isinstance(kept, SoapMessage)
    compare_answer(parsed, kept)
    hashed = parse_soap(with_request_hash(parsed, _REQUEST), content_type=content_type)
    assert isinstance(hashed, SoapMessage)
    compare_answer(parsed, hashed)
    check_request_hash(hashed, _REQUEST)
    assert with_request_hash(hashed, _REQUEST) == hashed.envelope
