"""The services every security server answers itself, in SOAP: listMethods, allowedMethods, getWsdl.

Source: message-path dossier s.7.2, s.7.3; recordings meta/soap-*.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ServiceId
from lienthong.exchange.message.soap import SoapMessage
from lienthong.exchange.metadata import reserved, soap_methods
from lienthong.exchange.metadata.wsdl import reduce_addresses
from lienthong.exchange.security.attachments import Attachment, SoapAnswer
from lienthong.exchange.security.bodies import Bodies
from lienthong.exchange.security.facilities import Facilities
from lienthong.exchange.security.serverproxy.descriptions import fetch_description
from lienthong.exchange.security.snapshot import Snapshot
from lienthong.exchange.serverconf.settings import ServiceType
from lienthong.exchange.transport.content import boundary_from


async def answer_soap_metaservice(
    means: Facilities, snapshot: Snapshot, request: SoapMessage, bodies: Bodies
) -> SoapAnswer:
    """The answer to a reserved service code; the caller adds the request hash, as to any service's answer.

    Raises:
        Fault: ``unknown_service`` for a code that SOAP has not and for a WSDL of no service, ``invalid_request``,
            ``adapter_wsdl_not_found``, ``invalid_xml`` (the WSDL is none), ``invalid_soap``, or what fetching raised.
    """
    answer = _ANSWERS.get(request.service.service_code)
    if answer is None:
        raise Fault("unknown_service", f"Unknown service: {request.service}")
    return await answer(means, snapshot, request, bodies)


def _services(snapshot: Snapshot, request: SoapMessage) -> Iterator[ServiceId]:
    """The SOAP services of the provider that the request names."""
    provider = snapshot.settings.client(request.service.client)
    for service in () if provider is None else provider.services:
        if service.type is ServiceType.WSDL:
            yield ServiceId(request.service.client, service.code, service.version)


def _listed(request: SoapMessage, services: Iterator[ServiceId]) -> SoapAnswer:
    envelope = soap_methods.list_of_services(request, services)
    return SoapAnswer(envelope=envelope, content_type=soap_methods.CONTENT_TYPE)


async def _list_methods(_: Facilities, snapshot: Snapshot, request: SoapMessage, __: Bodies) -> SoapAnswer:
    return _listed(request, _services(snapshot, request))


async def _allowed_methods(_: Facilities, snapshot: Snapshot, request: SoapMessage, __: Bodies) -> SoapAnswer:
    is_allowed, in_group = snapshot.access.is_allowed_somewhere, snapshot.globalconf.in_group
    services = _services(snapshot, request)
    return _listed(request, (each for each in services if is_allowed(request.client, each, in_group)))


async def _get_wsdl(means: Facilities, snapshot: Snapshot, request: SoapMessage, bodies: Bodies) -> SoapAnswer:
    asked = soap_methods.asked_service(request)
    service = snapshot.settings.service(asked)
    if service is None or not service.wsdl:
        raise Fault("unknown_service", f"Could not find wsdl URL for service {asked}")
    document, _ = await fetch_description(means, snapshot.settings, service.wsdl, code="adapter_wsdl_not_found")
    attachment = Attachment(
        content_type=soap_methods.WSDL_CONTENT_TYPE,
        headers=soap_methods.wsdl_headers(means.uuids()),
        body=await bodies.take(await asyncio.to_thread(reduce_addresses, document)),
    )
    boundary = boundary_from(means.random_bytes(30), prefix=soap_methods.BOUNDARY_PREFIX)
    return SoapAnswer(
        envelope=soap_methods.get_wsdl_response(request),
        content_type=soap_methods.answer_content_type(boundary),
        attachments=(attachment,),
    )


_ANSWERS: dict[str, Callable[[Facilities, Snapshot, SoapMessage, Bodies], Awaitable[SoapAnswer]]] = {
    reserved.LIST_METHODS: _list_methods,
    reserved.ALLOWED_METHODS: _allowed_methods,
    reserved.GET_WSDL: _get_wsdl,
}
