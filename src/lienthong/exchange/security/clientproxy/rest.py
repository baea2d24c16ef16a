"""A REST call at the consumer's security server. Source: message-path dossier s.2.4–2.6, s.3.4, s.3.9."""

from __future__ import annotations

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.faults import render_rest_error
from lienthong.exchange.message.request_hash import request_hash
from lienthong.exchange.message.rest import RestRequest, RestResponse
from lienthong.exchange.message.rest_headers import usual_content_type
from lienthong.exchange.security.bodies import SMALL_BODY, Bodies
from lienthong.exchange.security.clientproxy.answer import Answer, receive_answer
from lienthong.exchange.security.clientproxy.call import Arrival, ConsumerCall
from lienthong.exchange.security.clientproxy.consumer import Consumer, exchange_of
from lienthong.exchange.security.ports import SpooledBody
from lienthong.exchange.security.sending import pour
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import Headers, HttpClientResponse, HttpRequest, HttpResponse
from lienthong.exchange.transport.sequence import PartKind
from lienthong.exchange.transport.writer import Part
from lienthong.trust.algorithms import DigestAlgorithm

_MESSAGE_TYPE = (b"x-road-message-type", content.REST_MESSAGE.encode("ascii"))


class RestConsumer(Consumer[RestRequest, RestResponse]):
    """Answers ``/r1/…`` on the ports of information systems."""

    async def _exchange(self, arrival: Arrival) -> HttpResponse:
        means, http = self._means, arrival.http
        snapshot = means.snapshot()
        arrival.client = (http.header(b"x-road-client") or b"").decode("latin-1")
        arrival.service = b"/".join(http.raw_path.split(b"/")[2:7]).decode("latin-1")
        request = RestRequest.build(
            method=http.method,
            target=http.target,
            headers=http.headers,
            request_id=means.uuids(),
            default_message_id=lambda: f"{snapshot.settings.id.owner.instance}-{means.uuids()}",
        )
        way = self._find_way(snapshot, request, http.peer)
        call = ConsumerCall(
            snapshot=snapshot,
            http=http,
            exchange=exchange_of(snapshot, request, request.request_id or ""),
            message=Part(content.REST_REQUEST_TYPE, request.block),
            body=await _take_body(snapshot, http, arrival.bodies),
            bodies=arrival.bodies,
        )
        return await deliver(await self._pass_on(call, way), arrival.bodies)

    async def _accept(self, call: ConsumerCall[RestRequest], reply: HttpClientResponse) -> Answer[RestResponse]:
        received, algorithm = await receive_answer(self._means, call, reply, PartKind.REST_MESSAGE)
        response = RestResponse.parse(received.message or b"")
        _compare(call, response, algorithm)
        return Answer(response=response, received=received)

    def _hop_headers(self, call: ConsumerCall[RestRequest]) -> Headers:
        content_type = usual_content_type(call.http.header(b"content-type") or b"")
        return (_MESSAGE_TYPE, (b"x-original-content-type", content_type))

    def _render(self, fault: Fault, shown: Fault, http: HttpRequest) -> HttpResponse:
        return refusal(shown, http)


async def _take_body(snapshot: Snapshot, http: HttpRequest, bodies: Bodies) -> SpooledBody | None:
    """Spool the body; None when not one byte comes, for then no body part goes out. Source: message-path s.2.4."""
    if not http.body.entity:
        return None
    limit = snapshot.settings.limits.body_bytes
    whole = http.body.take_whole(min(limit, SMALL_BODY))
    if whole is not None:
        return await bodies.take(whole) if whole else None
    if not await http.body.wait_first():
        return None
    body = bodies.open()
    async for data in http.body:
        if body.size_bytes + len(data) > limit:
            raise Fault("invalid_request", f"The body is longer than {limit} bytes (limits.body_bytes)")
        await body.write(data)
    await body.finish()
    return body


def _compare(call: ConsumerCall[RestRequest], response: RestResponse, algorithm: DigestAlgorithm) -> None:
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


async def deliver(answer: Answer[RestResponse], bodies: Bodies) -> HttpResponse:
    """The verified answer for the information system: the signed block's status and headers, then the body.

    The reason phrase is the usual one, whatever the service said. Source: message-path s.2.5.
    """
    response = answer.response
    body = bodies.closing(b"" if answer.received.body is None else await pour([answer.received.body]))
    return HttpResponse(status=response.status, headers=response.headers, body=body)


def refusal(fault: Fault, request: HttpRequest) -> HttpResponse:
    """The answer that tells an information system what failed, in the format it accepts."""
    accept = [value.decode("latin-1") for name, value in request.headers if name.lower() == b"accept"]
    error = render_rest_error(fault, accept=accept)
    return HttpResponse(status=error.status, headers=error.headers, body=error.body)
