"""Which handler answers which request on each port. Source: message-path dossier s.2.2, s.3.4, s.3.10."""

from __future__ import annotations

from collections.abc import Mapping

from lienthong.exchange.errors import CLIENT, Fault
from lienthong.exchange.message.rest import PATH_PREFIX
from lienthong.exchange.security.clientproxy.rest import RestConsumer, refusal
from lienthong.exchange.security.clientproxy.soap import SoapConsumer
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.serverproxy.rest import RestProvider
from lienthong.exchange.security.serverproxy.soap import SoapProvider
from lienthong.exchange.serverconf.facade import is_facade_target, translate_facade
from lienthong.exchange.transport.content import REST_MESSAGE
from lienthong.exchange.transport.http import Handler, HttpRequest, HttpResponse

_REST = REST_MESSAGE.encode("ascii")


def systems_door(means: Facilities, side_services: Mapping[bytes, Handler]) -> Handler:
    """The ports of information systems: REST, the façade, downloads; what is left is SOAP."""
    consumer, soap = RestConsumer(means), SoapConsumer(means)

    async def handle(request: HttpRequest) -> HttpResponse:
        path = request.raw_path
        if path.startswith(PATH_PREFIX):
            return await consumer.handle(request)
        side = side_services.get(path) if request.method == "GET" else None
        if side is not None:
            return await side(request)
        if means.snapshot().settings.facade.enabled and is_facade_target(request.target.decode("latin-1")):
            return await _through_facade(means, consumer, request)
        return await soap.handle(request)

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
    """The port between security servers: what does not say that it is REST is SOAP. Source: message-path s.3.4."""
    rest, soap = RestProvider(means), SoapProvider(means)

    async def handle(request: HttpRequest) -> HttpResponse:
        is_rest = request.header(b"x-road-message-type") == _REST
        return await (rest if is_rest else soap).handle(request)

    return handle
