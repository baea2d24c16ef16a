"""Calling the information system behind a SOAP service, and taking its answer. Source: message-path s.2.7, s.2.8."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from lienthong.exchange.errors import SERVER_PROXY, SERVICE_FAILED, ExchangeError, Fault
from lienthong.exchange.message.soap import SoapFault, SoapMessage, parse_soap
from lienthong.exchange.security.attachments import Attachment
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.ports import Outgoing, ServiceCall
from lienthong.exchange.security.sending import lay_out_related, stream_of
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.service import trusted_certificates
from lienthong.exchange.security.serverproxy.soap_metaservices import answer_soap_metaservice
from lienthong.exchange.security.soap_reading import SoapReading
from lienthong.exchange.serverconf.settings import Service
from lienthong.exchange.transport import content
from lienthong.exchange.transport.http import HttpClientResponse
from lienthong.exchange.transport.writer import Part

Begin = Callable[[str], None]
"""Told the Content-Type of the answer as soon as there is one."""


class SoapServiceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a service answered."""

    response: SoapMessage
    part: Part
    """The envelope with its own type and headers."""
    attachments: tuple[Attachment, ...]


async def call_soap_service(
    means: Facilities, call: ProviderCall[SoapMessage], service: Service, begin: Begin
) -> SoapServiceAnswer:
    """Pass the request on as the information system sent it, and take the answer.

    Raises:
        Fault: a SOAP fault of the service as it came; ``service_missing_url``; everything else that fails between this
            server and the service with the prefix ``server.serverproxy.service_failed``.
    """
    if not service.url:
        raise Fault("service_missing_url", f"Service {call.request.service} has no URL")
    try:
        asked = await _service_call(call, service)
        async with means.services.call(asked) as reply:
            return await _take(call, reply, begin)
    except Fault as fault:
        raise fault.prefixed(SERVER_PROXY, SERVICE_FAILED) from fault
    except ExchangeError as exc:
        cut = Fault("io_error", f"The service's answer was cut short: {exc}")
        raise cut.prefixed(SERVER_PROXY, SERVICE_FAILED) from exc


async def read_own_answer(means: Facilities, call: ProviderCall[SoapMessage], begin: Begin) -> SoapServiceAnswer:
    """A metaservice's answer, as if a service had given it."""
    answer = await answer_soap_metaservice(means, call.snapshot, call.request, call.bodies)
    begin(answer.content_type)
    part_type = content.SOAP_TYPE if answer.attachments else answer.content_type
    part = Part(part_type, answer.envelope)
    return SoapServiceAnswer(response=_parsed(part), part=part, attachments=answer.attachments)


async def _service_call(call: ProviderCall[SoapMessage], service: Service) -> ServiceCall:
    """Always chunked, and with a Content-Type of its own only where there are attachments.

    Source: recordings ``soap/simple``, ``soap/latin1``, ``soap/attachment``: 3-service-request.
    """
    received, original = call.received, call.http.header(b"x-original-content-type") or b""
    body: Outgoing = received.message_part.body
    content_type = content.SOAP_TYPE.encode("ascii")
    if received.attachments:
        boundary, content_type = content.boundary_of(original.decode("latin-1")), original
        body = await lay_out_related(received.message_part, received.attachments, boundary=boundary)
    return ServiceCall(
        method="POST",
        url=service.url,
        headers=(
            (b"SOAPAction", call.http.header(b"x-original-soapaction") or b""),
            (b"accept-encoding", b""),
            (b"Content-Type", content_type),
        ),
        body=stream_of(body),
        timeout=service.timeout or call.snapshot.settings.limits.service_timeout,
        trusted_certificates=trusted_certificates(call, service),
    )


async def _take(call: ProviderCall[SoapMessage], reply: HttpClientResponse, begin: Begin) -> SoapServiceAnswer:
    if reply.status not in {200, 500}:
        raise Fault("http_error", f"The service answered with HTTP status {reply.status}")
    content_type = (reply.header(b"content-type") or b"").decode("latin-1")
    begin(content_type)
    reading = SoapReading(reply.body, content_type, call.bodies, limit=call.snapshot.settings.limits.body_bytes)
    part = await reading.envelope()
    if part is None:
        raise Fault("invalid_message", "No response message received from service")
    response = _parsed(part)
    return SoapServiceAnswer(response=response, part=part, attachments=await reading.attachments())


def _parsed(part: Part) -> SoapMessage:
    """The response; a SOAP fault is raised, to be passed on as it came."""
    response = parse_soap(part.body, content_type=part.content_type)
    if isinstance(response, SoapFault):
        raise response.to_fault().of_type(part.content_type)
    return response
