"""All a system sees of the exchange: calling a service of another party, and knowing who calls.

Works in front of any X-Road 7 security server; nothing of ours is assumed beyond plain ``/r1`` and SOAP 4.0.
Source: message-path s.2.
The asynchronous connector, and with it its HTTP client, is loaded when it is first named.
"""

from typing import TYPE_CHECKING

from lienthong.exchange.connector.answers import Answer, AnswerTooLargeError, CallFault, RestFault, UnreachableError
from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.connector.envelopes import EnvelopeError
from lienthong.exchange.connector.related import SoapAttachment
from lienthong.exchange.connector.soap import SoapAnswer, SoapFault, SoapRequest, soap_fault
from lienthong.exchange.connector.synchronous import Connector, StreamedAnswer

if TYPE_CHECKING:
    from lienthong.exchange.connector.asynchronous import AsyncConnector, AsyncStreamedAnswer

__all__ = [
    "Answer",
    "AnswerTooLargeError",
    "AsyncConnector",
    "AsyncStreamedAnswer",
    "CallFault",
    "Caller",
    "Connector",
    "EnvelopeError",
    "RestFault",
    "SoapAnswer",
    "SoapAttachment",
    "SoapFault",
    "SoapRequest",
    "StreamedAnswer",
    "UnreachableError",
    "soap_fault",
]
_ASYNCHRONOUS = frozenset({"AsyncConnector", "AsyncStreamedAnswer"})


def __getattr__(name: str) -> object:
    """Give the names of the asynchronous connector; raises AttributeError for any other. Source: PEP 562."""
    if name not in _ASYNCHRONOUS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lienthong.exchange.connector import asynchronous

    return getattr(asynchronous, name)
