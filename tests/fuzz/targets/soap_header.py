"""Who signs a message, peeked from a SOAP envelope or a REST block; and SOAP faults."""

from __future__ import annotations

import contextlib

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.faults import parse_soap_fault
from lienthong.exchange.message.soap_header import is_rest, read_soap_header, signer_of

REFUSES = (Fault,)


def read(data: bytes) -> None:
    with contextlib.suppress(Fault):
        fault = parse_soap_fault(data)
        assert fault.xml == data
    with contextlib.suppress(Fault):
        assert signer_of(data).instance
    if not is_rest(data):
        read_soap_header(data)
