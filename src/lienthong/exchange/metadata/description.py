"""A description of services as an operator manages it: what it offers, and how that differs from the settings.

Source: message-path dossier s.6; OpenAPI 3.0.4 s.4.8.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lienthong.exchange.metadata.openapi_document import OpenApiDocument, open_openapi
from lienthong.exchange.metadata.wsdl import DescribedService, Fetch, read_wsdl
from lienthong.exchange.serverconf.settings import Endpoint, Service, ServiceType

_TEMPLATE = re.compile(r"(?:\{[^{}/]*\})+")
"""Two side by side are one star: two stars would stand for anything at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a WSDL or an OpenAPI document describes."""

    type: ServiceType
    services: tuple[DescribedService, ...]
    """Those of a WSDL; of an OpenAPI document the one service that it is, whose code the operator chooses."""
    endpoints: tuple[Endpoint, ...] = ()
    """Methods and path patterns of an OpenAPI document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a description says otherwise than the settings."""

    added: tuple[DescribedService, ...] = ()
    """Described, not in the settings."""
    removed: tuple[Service, ...] = ()
    """In the settings, described no longer."""
    addresses: tuple[tuple[Service, str], ...] = ()
    """Services that listen elsewhere by the description; an operator may have good reasons."""
    endpoints_added: tuple[Endpoint, ...] = ()
    endpoints_removed: tuple[Endpoint, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether both say the same, addresses aside."""
        return not (self.added or self.removed or self.endpoints_added or self.endpoints_removed)


def type_of(document: bytes) -> ServiceType:
    """Which kind of description a document is: markup is a WSDL, all else OpenAPI."""
    start = document[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    return ServiceType.WSDL if start.startswith(b"<") else ServiceType.OPENAPI


def read_description(document: bytes, *, code: str = "", fetch: Fetch | None = None) -> Description:
    """What a document describes.

    Args:
        code: Service code of an OpenAPI document, which has none of its own.
        fetch: Gives documents that a WSDL imports.
    Raises:
        Fault: ``invalid_xml``: a WSDL that cannot be read.
        UnreadableOpenApiError: an OpenAPI document that cannot be read.
    """
    if type_of(document) is ServiceType.WSDL:
        return Description(type=ServiceType.WSDL, services=read_wsdl(document, fetch=fetch))
    opened = open_openapi(document)
    service = DescribedService(code=code, address=next(iter(opened.servers()), ""))
    return Description(type=ServiceType.OPENAPI, services=(service,), endpoints=_endpoints(opened))


def compare(description: Description, services: Sequence[Service]) -> Difference:
    """How a description differs from the *services* of the settings that name it."""
    known = {service.name: service for service in services}
    described = {each.name: each for each in description.services}
    if description.type is ServiceType.OPENAPI:
        described = dict.fromkeys(known, description.services[0])
    listed = tuple(endpoint for service in services for endpoint in service.endpoints)
    return Difference(
        added=tuple(each for name, each in described.items() if name not in known),
        removed=tuple(service for name, service in known.items() if name not in described),
        addresses=tuple(
            (service, described[name].address)
            for name, service in known.items()
            if name in described and described[name].address not in {"", service.url}
        ),
        endpoints_added=tuple(each for each in description.endpoints if each not in listed),
        endpoints_removed=tuple(each for each in listed if each not in description.endpoints),
    )


def _endpoints(opened: OpenApiDocument) -> tuple[Endpoint, ...]:
    """Operations as the settings write them: a template stands for anything within a segment."""
    return tuple(dict.fromkeys(Endpoint(method=each.method, path=_pattern(each.path)) for each in opened.operations()))


def _pattern(path: str) -> str:
    return _TEMPLATE.sub("*", path.replace("*", r"\*"))
