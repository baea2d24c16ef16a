"""The provider's answer: read to its end and its signature judged. Source: message-path dossier s.3.6, s.3.9."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from lienthong.exchange.errors import CLIENT_PROXY, SERVICE_FAILED, SIGNATURE_VERIFICATION, ExchangeError, Fault
from lienthong.exchange.message.media_types import media_type
from lienthong.exchange.message.rest import RestResponse
from lienthong.exchange.message.soap import SoapMessage, parse_soap_fault
from lienthong.exchange.security.clientproxy.call import ConsumerCall
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.receiving import ReceivedMessage, receive_message
from lienthong.exchange.security.records import RequestT
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpClientResponse
from lienthong.exchange.transport.sequence import Direction, PartKind
from lienthong.trust.algorithms import DigestAlgorithm

MAX_FAULT_BYTES = 1024 * 1024
ResponseT = TypeVar("ResponseT", bound=RestResponse | SoapMessage)


class Answer(msgspec.Struct, Generic[ResponseT], frozen=True, kw_only=True):
    """A verified response."""

    response: ResponseT
    """Its header block or envelope."""
    received: ReceivedMessage
    """Its parts: body or attachments, and the provider's signature."""
    content_type: str = ""
    """Of the service's SOAP answer."""


async def receive_answer(
    means: Facilities, call: ConsumerCall[RequestT], reply: HttpClientResponse, message_kind: PartKind
) -> tuple[ReceivedMessage, DigestAlgorithm]:
    """The parts of a signed answer, signature judged, and the algorithm they are hashed by.

    Raises:
        Fault: with the prefix of the step that refused; the other side's own as it came.
    """
    if reply.status not in {200, 500}:
        raise Fault("http_error", f"The provider's security server answered with HTTP status {reply.status}")
    content_type = (reply.header(b"content-type") or b"").decode("latin-1")
    if media_type(content_type) == "text/xml":
        raise await _bare_fault(reply)
    try:
        boundary = content.boundary_of(content_type)
        algorithm = content.read_hash_algorithm((reply.header(b"x-hash-algorithm") or b"").decode("latin-1"))
        received, sequence = await receive_message(
            reply.body,
            boundary=boundary,
            direction=Direction.RESPONSE,
            message_kind=message_kind,
            bodies=call.bodies,
            algorithm=algorithm,
        )
        if received.fault is not None:
            part_type = received.message_part.content_type or "text/xml"
            raise parse_soap_fault(received.fault, content_type=part_type).to_fault().of_type(part_type)
    except Fault as fault:
        raise fault.prefixed(CLIENT_PROXY, SERVICE_FAILED) from fault
    sequence.finish(is_rest=message_kind is PartKind.REST_MESSAGE)
    try:
        means.signatures.judge(call.snapshot, call.request.service.client, received, algorithm, at=means.clock())
    except Fault as fault:
        raise fault.prefixed(CLIENT_PROXY, SIGNATURE_VERIFICATION) from fault
    return received, algorithm


async def _bare_fault(reply: HttpClientResponse) -> Fault:
    try:
        return parse_soap_fault(await reply.body.read(MAX_FAULT_BYTES)).to_fault()
    except Fault as fault:
        return fault.prefixed(CLIENT_PROXY, SERVICE_FAILED)
    except ExchangeError as exc:
        return Fault("io_error", f"The answer was cut short: {exc}").prefixed(CLIENT_PROXY, SERVICE_FAILED)
