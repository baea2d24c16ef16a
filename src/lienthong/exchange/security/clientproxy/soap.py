"""A SOAP call at the consumer's security server. Source: message-path dossier s.2.7, s.3.4, s.3.9; PR-MESS v4.0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lienthong.exchange.errors import CLIENT, CLIENT_PROXY, SERVICE_FAILED, Fault, RelayedFault
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_soap_fault
from lienthong.exchange.message.soap import (
    SoapFault,
    SoapMessage,
    check_request_hash,
    compare_answer,
    parse_soap,
    require_soap_action,
)
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.clientproxy.answer import Answer, receive_answer
from lienthong.exchange.security.clientproxy.call import Arrival, ConsumerCall
from lienthong.exchange.security.clientproxy.consumer import Consumer, exchange_of
from lienthong.exchange.security.sending import lay_out_related
from lienthong.exchange.security.soap_reading import SoapReading
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import Headers, HttpClientResponse, HttpRequest, HttpResponse
from lienthong.exchange.transport.sequence import PartKind
from lienthong.exchange.transport.writer import Part


class SoapConsumer(Consumer[SoapMessage, SoapMessage]):
    """Answers everything that is not REST on the ports of information systems."""

    async def _exchange(self, arrival: Arrival) -> HttpResponse:
        snapshot = self._means.snapshot()
        with _fault_of_the_system():
            reading = _begin(arrival.http, arrival.bodies, limit=snapshot.settings.limits.body_bytes)
            message, request = await _read_request(reading)
        arrival.client, arrival.service = request.client, request.service
        way = self._find_way(snapshot, request, arrival.http.peer)
        with _fault_of_the_system():
            attachments = await reading.attachments()
        call = ConsumerCall(
            snapshot=snapshot,
            http=arrival.http,
            exchange=exchange_of(snapshot, request, self._means.uuids()),
            message=message,
            attachments=attachments,
            bodies=arrival.bodies,
        )
        return await _deliver(await self._pass_on(call, way), arrival.bodies)

    async def _accept(self, call: ConsumerCall[SoapMessage], reply: HttpClientResponse) -> Answer[SoapMessage]:
        received, _ = await receive_answer(self._means, call, reply, PartKind.SOAP_MESSAGE)
        response = received.require_soap()
        content_type = (reply.header(b"x-original-content-type") or b"").decode("latin-1")
        try:
            if received.attachments:
                content.boundary_of(content_type)
            compare_answer(call.request, response)
        except Fault as fault:
            raise fault.prefixed(CLIENT_PROXY, SERVICE_FAILED) from fault
        check_request_hash(response, call.request.envelope)
        return Answer(response=response, received=received, content_type=content_type)

    def _hop_headers(self, call: ConsumerCall[SoapMessage]) -> Headers:
        return (
            (b"x-original-content-type", call.http.header(b"content-type") or b""),
            (b"x-original-soapaction", call.http.header(b"soapaction") or b""),
        )

    def _render(self, fault: Fault, shown: Fault, http: HttpRequest) -> HttpResponse:
        if not isinstance(fault, RelayedFault) or not fault.xml:
            return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=render_soap_fault(shown))
        content_type = content.envelope_content_type(fault.content_type)
        if content_type == content.SOAP_TYPE:
            return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=fault.xml)
        headers = ((b"Content-Type", content_type.encode("latin-1")), *SOAP_FAULT_HEADERS[1:])
        return HttpResponse(status=200, headers=headers, body=fault.xml)


@contextmanager
def _fault_of_the_system() -> Iterator[None]:
    """What is wrong with a request is its system's fault; that our disk takes no more of it is not."""
    try:
        yield
    except Fault as fault:
        if fault.code == "io_error":
            raise
        raise fault.prefixed(CLIENT) from fault


def _begin(http: HttpRequest, bodies: Bodies, *, limit: int) -> SoapReading:
    """Judge what stands before the envelope, in the order of the protocol. Source: message-path s.2.7."""
    if http.method != "POST":
        raise Fault("invalid_http_method", f"Must use POST request method instead of {http.method}")
    content_type = (http.header(b"content-type") or b"").decode("latin-1")
    reading = SoapReading(http.body, content_type, bodies, limit=limit)
    require_soap_action(http.header(b"soapaction"))
    return reading


async def _read_request(reading: SoapReading) -> tuple[Part, SoapMessage]:
    """The envelope as it goes on, and what it says."""
    part = await reading.envelope()
    if part is None:
        raise Fault("missing_soap", "Request does not contain a SOAP message")
    request = parse_soap(part.body, content_type=part.content_type)
    if isinstance(request, SoapFault):
        raise Fault(f"{CLIENT}.{request.code}", request.message, detail=request.detail, actor=request.actor)
    return part, request


async def _deliver(answer: Answer[SoapMessage], bodies: Bodies) -> HttpResponse:
    """The answer as the service gave it, but for the request hash. Source: message-path s.2.7."""
    received, envelope = answer.received, answer.response.envelope
    if not received.attachments:
        bodies.close()
        content_type = content.envelope_content_type(received.message_part.content_type)
        return HttpResponse(status=200, headers=((b"Content-Type", content_type.encode("latin-1")),), body=envelope)
    boundary = content.boundary_of(answer.content_type)
    outgoing = await lay_out_related(received.message_part, received.attachments, boundary=boundary)
    headers = ((b"Content-Type", answer.content_type.encode("latin-1")),)
    return HttpResponse(status=200, headers=headers, body=bodies.closing(outgoing))
