"""All a system sees of the exchange: calling a service of another party, and knowing who calls.

Works in front of any X-Road 7 security server; nothing of ours is assumed beyond plain ``/r1`` (message-path s.2).
"""

from lienthong.exchange.connector.answers import Answer, AnswerTooLargeError, RestFault, UnreachableError
from lienthong.exchange.connector.asynchronous import AsyncConnector, AsyncStreamedAnswer
from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.connector.synchronous import Connector, StreamedAnswer

__all__ = [
    "Answer",
    "AnswerTooLargeError",
    "AsyncConnector",
    "AsyncStreamedAnswer",
    "Caller",
    "Connector",
    "RestFault",
    "StreamedAnswer",
    "UnreachableError",
]
