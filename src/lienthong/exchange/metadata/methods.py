"""``listMethods`` and ``allowedMethods`` for REST: the services of one client and their endpoints.

Source: PR-MREST s.4; message-path dossier s.7.4.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from lienthong.exchange.identifiers import ServiceId

CONTENT_TYPE = "application/json"


class ServiceType(Enum):
    """How a REST service is described."""

    REST = "REST"
    OPENAPI = "OPENAPI"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method and path pattern of a service."""

    method: str
    """HTTP method, or ``*``."""
    path: str
    """Pattern; ``**`` is everything."""


BASE_ENDPOINT = Endpoint("*", "**")
"""The whole service; never listed as an endpoint."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedService:
    """A REST service as metaservices tell of it."""

    service: ServiceId
    service_type: ServiceType
    endpoints: tuple[Endpoint, ...] = ()
    """In the order of the settings."""


IsAllowed = Callable[[ServiceId, Endpoint], bool]
"""Whether the caller may use an endpoint of a service."""


def list_methods(services: Iterable[ListedService]) -> bytes:
    """The JSON answer to ``listMethods``: every service, with every endpoint but the base one."""
    return _document(_entry(each, each.endpoints) for each in services)


def allowed_methods(services: Iterable[ListedService], *, is_allowed: IsAllowed) -> bytes:
    """The JSON answer to ``allowedMethods``: services and endpoints that the caller may use."""
    return _document(_allowed(services, is_allowed))


def _allowed(services: Iterable[ListedService], is_allowed: IsAllowed) -> Iterable[dict[str, object]]:
    for each in services:
        endpoints = tuple(endpoint for endpoint in each.endpoints if is_allowed(each.service, endpoint))
        if endpoints or is_allowed(each.service, BASE_ENDPOINT):
            yield _entry(each, endpoints)


def _entry(listed: ListedService, endpoints: Iterable[Endpoint]) -> dict[str, object]:
    client = listed.service.client
    return {
        "member_class": client.member_class,
        "member_code": client.member_code,
        "subsystem_code": client.subsystem_code,
        "service_code": listed.service.service_code,
        "endpoint_list": [
            {"method": endpoint.method, "path": endpoint.path} for endpoint in endpoints if endpoint != BASE_ENDPOINT
        ],
        "object_type": "SERVICE",
        "service_type": listed.service_type.value,
        "xroad_instance": client.instance,
    }


def _document(entries: Iterable[dict[str, object]]) -> bytes:
    return json.dumps({"service": list(entries)}, ensure_ascii=False, separators=(",", ":")).encode()
