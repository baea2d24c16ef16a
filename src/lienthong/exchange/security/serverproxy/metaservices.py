"""The services every security server answers itself: listMethods, allowedMethods, getOpenAPI.

Source: message-path dossier s.7.4, s.7.5.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ServiceId
from lienthong.exchange.message.rest import RestRequest
from lienthong.exchange.metadata import methods, openapi, reserved
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.serverproxy.call import ProviderCall
from lienthong.exchange.security.serverproxy.descriptions import fetch_description
from lienthong.exchange.security.serverproxy.service import ServiceAnswer
from lienthong.exchange.serverconf import settings as conf

_TYPES = {
    conf.ServiceType.REST: methods.ServiceType.REST,
    conf.ServiceType.OPENAPI: methods.ServiceType.OPENAPI,
}


async def answer_metaservice(means: Facilities, call: ProviderCall[RestRequest]) -> ServiceAnswer:
    """The answer to a reserved service code.

    Raises:
        Fault: ``unknown_service`` for codes that REST has not, ``internal_error`` for a service without description.
    """
    answer = _ANSWERS.get(call.request.service.service_code)
    if answer is None:
        raise Fault("unknown_service", f"Unknown service: {call.request.service}")
    document, content_type = await answer(means, call)
    body = call.bodies.open()
    await body.write(document)
    await body.finish()
    headers = ((b"content-type", content_type.encode("latin-1")),)
    return ServiceAnswer(status=200, reason=b"OK", headers=headers, body=body)


def listed_services(call: ProviderCall[RestRequest]) -> list[methods.ListedService]:
    """The REST services of the provider that the request names."""
    provider = call.request.service.client
    client = call.snapshot.settings.client(provider)
    services = () if client is None else client.services
    return [
        methods.ListedService(
            service=ServiceId(provider, service.code),
            service_type=_TYPES[service.type],
            endpoints=tuple(methods.Endpoint(each.method, each.path) for each in service.endpoints),
        )
        for service in services
        if service.type in _TYPES
    ]


async def _list_methods(_: Facilities, call: ProviderCall[RestRequest]) -> tuple[bytes, str]:
    return methods.list_methods(listed_services(call)), methods.CONTENT_TYPE


async def _allowed_methods(_: Facilities, call: ProviderCall[RestRequest]) -> tuple[bytes, str]:
    snapshot, client = call.snapshot, call.request.client
    in_group = snapshot.globalconf.in_group

    def is_allowed(service: ServiceId, endpoint: methods.Endpoint) -> bool:
        if endpoint == methods.BASE_ENDPOINT:
            return snapshot.access.is_allowed_somewhere(client, service, in_group)
        wanted = conf.Endpoint(method=endpoint.method, path=endpoint.path)
        return wanted in snapshot.access.allowed_endpoints(client, service, in_group)

    return methods.allowed_methods(listed_services(call), is_allowed=is_allowed), methods.CONTENT_TYPE


async def _get_open_api(means: Facilities, call: ProviderCall[RestRequest]) -> tuple[bytes, str]:
    asked = openapi.asked_service(call.request.query, provider=call.request.service.client)
    listed = next((each for each in listed_services(call) if each.service == asked), None)
    openapi.require_open_api(asked, listed)
    service = call.snapshot.settings.service(asked)
    place = "" if service is None else service.openapi
    document, content_type = await fetch_description(means, call.snapshot.settings, place)
    return openapi.reduce_servers(document, content_type=content_type), content_type


_ANSWERS: dict[str, Callable[[Facilities, ProviderCall[RestRequest]], Awaitable[tuple[bytes, str]]]] = {
    reserved.LIST_METHODS: _list_methods,
    reserved.ALLOWED_METHODS: _allowed_methods,
    reserved.GET_OPEN_API: _get_open_api,
}
