"""The provider's answer: read, verified, compared with the request. Source: message-path dossier s.3.6, s.3.9."""

from __future__ import annotations

import msgspec

from lienthong.exchange.errors import CLIENT_PROXY, SERVICE_FAILED, SIGNATURE_VERIFICATION, ExchangeError, Fault
from lienthong.exchange.message.faults import parse_soap_fault
from lienthong.exchange.message.request_hash import request_hash
from lienthong.exchange.message.rest import RestResponse
from lienthong.exchange.message.signing import SignedMessage
from lienthong.exchange.security.clientproxy.call import ConsumerCall
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.receiving import ReceivedMessage, receive_message
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpClientResponse
from lienthong.exchange.transport.sequence import Direction
from lienthong.trust.algorithms import DigestAlgorithm

MAX_FAULT_BYTES = 1024 * 1024


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A verified response."""

    response: RestResponse
    """Its header block."""
    body: SpooledBody | None
    """Its body; may be empty."""
    signed: SignedMessage
    """The provider's signature with its hash chain."""


async def read_answer(means: Facilities, call: ConsumerCall, reply: HttpClientResponse) -> Answer:
    """Read the reply to its end and accept it, or raise the fault the information system will see."""
    if reply.status not in {200, 500}:
        raise Fault("http_error", f"The provider's security server answered with HTTP status {reply.status}")
    content_type = (reply.header(b"content-type") or b"").decode("latin-1")
    if content.media_type(content_type) == "text/xml":
        raise await _bare_fault(reply)
    try:
        algorithm = content.read_hash_algorithm((reply.header(b"x-hash-algorithm") or b"").decode("latin-1"))
        received, sequence = await receive_message(
            reply.body,
            boundary=content.boundary_of(content_type),
            direction=Direction.RESPONSE,
            bodies=call.bodies,
            algorithm=algorithm,
        )
        if received.fault is not None:
            raise parse_soap_fault(received.fault).to_fault()
    except Fault as fault:
        raise fault.prefixed(CLIENT_PROXY, SERVICE_FAILED) from fault
    sequence.finish(is_rest=True)
    return _accept(means, call, received, algorithm)


async def _bare_fault(reply: HttpClientResponse) -> Fault:
    try:
        return parse_soap_fault(await reply.body.read(MAX_FAULT_BYTES)).to_fault()
    except Fault as fault:
        return fault.prefixed(CLIENT_PROXY, SERVICE_FAILED)
    except ExchangeError as exc:
        return Fault("io_error", f"The answer was cut short: {exc}").prefixed(CLIENT_PROXY, SERVICE_FAILED)


def _accept(means: Facilities, call: ConsumerCall, received: ReceivedMessage, algorithm: DigestAlgorithm) -> Answer:
    if received.message is None or received.signature is None:
        raise Fault("missing_signature", "Message does not have signature")
    try:
        means.signatures.judge(call.snapshot, call.request.service.client, received, algorithm, at=means.clock())
    except Fault as fault:
        raise fault.prefixed(CLIENT_PROXY, SIGNATURE_VERIFICATION) from fault
    response = RestResponse.parse(received.message)
    _compare(call, response, algorithm)
    signed = SignedMessage(
        signature_xml=received.signature,
        hash_chain_result=received.hash_chain_result,
        hash_chain=received.hash_chain,
    )
    return Answer(response=response, body=received.body, signed=signed)


def _compare(call: ConsumerCall, response: RestResponse, algorithm: DigestAlgorithm) -> None:
    """The answer is to this request and no other. Source: message-path s.3.9."""
    request = call.request
    body_hash = None if call.body is None else call.body.digest(DigestAlgorithm.SHA512).value
    pairs = {
        "client": (request.client, response.client),
        "message id": (request.message_id, response.message_id),
        "service": (request.service, response.service),
        "x-road-request-id": (call.exchange.request_id, response.request_id),
        "request hash": (request_hash(request.block, body_hash, outer=algorithm), response.request_hash),
    }
    for name, (sent, came) in pairs.items():
        if sent != came:
            raise Fault("inconsistent_response", f"The {name} of the response does not match the request")
