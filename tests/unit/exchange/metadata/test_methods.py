"""listMethods and allowedMethods, as recorded."""

import json

from tests.unit.exchange.recordings import live, split_http

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.metadata.methods import (
    BASE_ENDPOINT,
    Endpoint,
    ListedService,
    ServiceType,
    allowed_methods,
    list_methods,
)

POPULATION = ClientId("VN", "GOV", "000.00.00.G01", "population")
ALLOWED_PATH = Endpoint("GET", "/allowed/*")


def service(code: str, *endpoints: Endpoint, service_type: ServiceType = ServiceType.REST) -> ListedService:
    return ListedService(service=ServiceId(POPULATION, code), service_type=service_type, endpoints=endpoints)


SERVICES = [
    service("citizens", BASE_ENDPOINT),
    service("partial", BASE_ENDPOINT, ALLOWED_PATH),
    service("pets", service_type=ServiceType.OPENAPI),
    *map(service, ("down", "slow", "off", "hangup", "closed")),
]


def recorded(case: str) -> bytes:
    return split_http(live(case, "6-consumer-response.http"))[2]


def test_list_methods_is_as_recorded() -> None:
    assert list_methods(SERVICES) == recorded("meta/rest-listMethods")


def test_allowed_methods_is_as_recorded() -> None:
    def is_allowed(service_id: ServiceId, endpoint: Endpoint) -> bool:
        return {"closed": False, "partial": endpoint == ALLOWED_PATH}.get(service_id.service_code, True)

    assert allowed_methods(SERVICES, is_allowed=is_allowed) == recorded("meta/rest-allowedMethods")


def test_a_client_without_services_has_an_empty_list() -> None:
    assert json.loads(list_methods([])) == {"service": []}
    assert json.loads(allowed_methods(SERVICES, is_allowed=lambda *_: False)) == {"service": []}
