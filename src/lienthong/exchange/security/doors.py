"""Which handler answers which request on each port. Source: message-path dossier s.2.2, s.3.4, s.3.10."""

from __future__ import annotations

from collections.abc import Mapping

from lienthong.exchange.errors import CLIENT, Fault
from lienthong.exchange.message.faults import SOAP_FAULT_HEADERS, render_soap_fault
from lienthong.exchange.message.rest import PATH_PREFIX
from lienthong.exchange.security.clientproxy.rest import RestConsumer, refusal
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.serverproxy.rest import RestProvider
from lienthong.exchange.serverconf.facade import is_facade_target, translate_facade
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse


def systems_door(means: Facilities, side_services: Mapping[bytes, Handler]) -> Handler:
    """The ports of information systems: REST, the façade, downloads; what is left would be SOAP."""
    consumer = RestConsumer(means)

    async def handle(request: HttpRequest) -> HttpResponse:
        path = request.raw_path
        if path.startswith(PATH_PREFIX):
            return await consumer.handle(request)
        side = side_services.get(path) if request.method == "GET" else None
        if side is not None:
            return await side(request)
        if means.snapshot().settings.facade.enabled and is_facade_target(request.target.decode("latin-1")):
            return await _through_facade(means, consumer, request)
        return soap_refusal(means, request)

    return handle


async def _through_facade(means: Facilities, consumer: RestConsumer, request: HttpRequest) -> HttpResponse:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
    facade = means.snapshot().settings.facade
    call = translate_facade(request.target.decode("latin-1"), headers, facade=facade)
    if isinstance(call, Fault):
        return refusal(means.identified(call.prefixed(CLIENT)), request)
    translated = HttpRequest(
        method=request.method,
        target=call.target.encode("latin-1"),
        headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in call.headers],
        body=request.body,
        peer=request.peer,
    )
    return await consumer.handle(translated)


def servers_door(means: Facilities) -> Handler:
    """The port between security servers."""
    return RestProvider(means).handle


def soap_refusal(means: Facilities, request: HttpRequest) -> HttpResponse:
    """What is not REST is taken for SOAP, which this server does not carry. Source: message-path s.2.2, s.2.7."""
    if request.method != "POST":
        fault = Fault("invalid_http_method", f"Must use POST request method instead of {request.method}")
    else:
        fault = Fault("invalid_content_type", "This security server carries REST messages only: use /r1/…")
    body = render_soap_fault(means.identified(fault.prefixed(CLIENT)))
    return HttpResponse(status=200, headers=SOAP_FAULT_HEADERS, body=body)
