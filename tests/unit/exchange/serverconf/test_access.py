import json

import pytest
from tests.fakes.settings_files import COMPLETE, read
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.identifiers import ClientId, GlobalGroupId, ServiceId
from lienthong.exchange.serverconf.access import AccessRules, Call, Interface, decide_access
from lienthong.exchange.serverconf.settings import Endpoint

POPULATION = ClientId("VN", "GOV", "000.00.00.G01", "population")
LEGACY = ClientId("VN", "GOV", "000.00.00.G01", "legacy")
ONESTOP = ClientId("VN", "GOV", "000.00.00.H10", "onestop")
COMMUNE = ClientId("VN", "GOV", "000.00.00.H20", "onestop")
MINISTRY = ClientId("VN", "GOV", "000.00.00.G12", "reports")
STRANGER = ClientId("VN", "COM", "0100109106", "shop")
RULES = AccessRules.prepare(read(COMPLETE))


def in_group(client: ClientId, group: GlobalGroupId) -> bool:
    return (client, group) == (MINISTRY, GlobalGroupId("VN", "ministries"))


def decide(
    client: ClientId, code: str, *, method: str = "GET", path: str = "", interface: Interface = Interface.REST
) -> Fault | None:
    call = Call(client=client, service=ServiceId(POPULATION, code), method=method, path=path, interface=interface)
    return decide_access(RULES, call, in_group=in_group)


PASSES = [
    (ONESTOP, "citizens", "DELETE", "/any/path"),
    (ONESTOP, "citizens", "GET", ""),
    (ONESTOP, "citizens", "GET", "/a%20b"),
    (ONESTOP, "partial", "GET", "/allowed/x"),
    (ONESTOP, "partial", "get", "/allowed/x"),
    (ONESTOP, "partial", "GET", "/other/../allowed/x"),
    (COMMUNE, "partial", "PUT", "/whatever"),
    (MINISTRY, "partial", "POST", "/reports/2020/07"),
    (ONESTOP, "pets", "GET", "/pets/1"),
]


@pytest.mark.parametrize(("client", "code", "method", "path"), PASSES)
def test_a_right_lets_a_call_pass(client: ClientId, code: str, method: str, path: str) -> None:
    assert decide(client, code, method=method, path=path) is None


REFUSALS = [
    (STRANGER, "citizens", "GET", "", "access_denied", "Request is not allowed: {}"),
    (ONESTOP.member, "citizens", "GET", "", "access_denied", "Request is not allowed: {}"),
    (ONESTOP, "partial", "GET", "/denied", "access_denied", "Request is not allowed: {}"),
    (ONESTOP, "partial", "POST", "/allowed/x", "access_denied", "Request is not allowed: {}"),
    (ONESTOP, "partial", "GET", "/allowed/../secret", "access_denied", "Request is not allowed: {}"),
    (ONESTOP, "partial", "GET", "/allowed/%2e%2e/secret", "access_denied", "Request is not allowed: {}"),
    (MINISTRY, "partial", "GET", "/reports/2020", "access_denied", "Request is not allowed: {}"),
    (MINISTRY, "citizens", "GET", "", "access_denied", "Request is not allowed: {}"),
    (ONESTOP, "nothing", "GET", "", "unknown_service", "Unknown service: {}"),
    (STRANGER, "nothing", "GET", "", "unknown_service", "Unknown service: {}"),
    (ONESTOP, "off", "GET", "", "service_disabled", "Service {} is disabled: Bảo trì đến 18 giờ"),
    (STRANGER, "off", "GET", "", "access_denied", "Request is not allowed: {}"),
]


@pytest.mark.parametrize(("client", "code", "method", "path", "fault", "text"), REFUSALS)
def test_refusals(client: ClientId, code: str, method: str, path: str, fault: str, text: str) -> None:
    found = decide(client, code, method=method, path=path)
    assert found is not None
    assert (found.code, found.message) == (fault, text.format(f"SERVICE:VN/GOV/000.00.00.G01/population/{code}"))


def test_a_path_that_climbs_is_refused_even_with_a_right_on_the_whole_service() -> None:
    found = decide(ONESTOP, "citizens", path="/%2e%2e/admin")
    assert found is not None
    assert found.code == "access_denied"
    assert "climbs out" in found.message


def test_a_rest_service_is_no_soap_service_even_for_strangers() -> None:
    found = decide(STRANGER, "citizens", interface=Interface.SOAP)
    assert found is not None
    assert found.code == "service_type"
    assert found.message == "Service is a REST service and cannot be called using SOAP interface"


SOAP = [
    (ONESTOP, "getPerson", "v1", None),
    (STRANGER, "getPerson", "v1", "access_denied"),
    (ONESTOP, "getPerson", "v2", "access_denied"),
    (ONESTOP, "getPerson", None, "unknown_service"),
    (ONESTOP, "getPerson", "V1", "unknown_service"),
    (ONESTOP, "helloMtom", "v1", "unknown_service"),
    (ONESTOP, "helloMtom", None, "service_disabled"),
    (STRANGER, "helloMtom", None, "access_denied"),
]


@pytest.mark.parametrize(("client", "code", "version", "fault"), SOAP)
def test_a_soap_service_is_found_by_code_and_version(
    client: ClientId, code: str, version: str | None, fault: str | None
) -> None:
    call = Call(client=client, service=ServiceId(LEGACY, code, version), interface=Interface.SOAP)
    found = decide_access(RULES, call, in_group=in_group)
    assert (found and found.code) == fault


def test_a_soap_service_is_no_rest_service() -> None:
    found = decide_access(RULES, Call(client=ONESTOP, service=ServiceId(LEGACY, "helloMtom")), in_group=in_group)
    assert found is not None
    assert found.message == "Service is a SOAP service and cannot be called using REST interface"


def test_texts_are_those_of_a_running_server() -> None:
    recorded = json.loads(shared("fixtures/xroad/live/index.json").read_text(encoding="utf-8"))
    cases = {entry["case"]: entry for entry in recorded}
    for name, found in {
        "rest/access-denied": decide(STRANGER, "citizens"),
        "rest/partial-denied-path": decide(ONESTOP, "partial", path="/denied"),
        "rest/partial-denied-method": decide(ONESTOP, "partial", method="DELETE", path="/allowed/x"),
        "rest/unknown-service": decide(ONESTOP, "nothing"),
        "rest/service-disabled": decide(ONESTOP, "off"),
        "soap/rest-service": decide(ONESTOP, "citizens", interface=Interface.SOAP),
    }.items():
        assert found is not None
        told = found.prefixed("server.serverproxy")
        assert (told.code, told.message) == (cases[name]["fault_code"], cases[name]["fault_string"]), name


def test_what_allowed_methods_shows() -> None:
    pets = ServiceId(POPULATION, "pets")
    assert RULES.allowed_endpoints(ONESTOP, pets, in_group) == (Endpoint(method="GET", path="/pets/*"),)
    assert RULES.allowed_endpoints(STRANGER, pets, in_group) == ()
    assert RULES.allowed_endpoints(ONESTOP, ServiceId(POPULATION, "nothing"), in_group) == ()
    assert RULES.is_allowed_somewhere(MINISTRY, ServiceId(POPULATION, "partial"), in_group)
    assert not RULES.is_allowed_somewhere(STRANGER, pets, in_group)
    assert not RULES.is_allowed_somewhere(STRANGER, ServiceId(POPULATION, "nothing"), in_group)


def test_services_of_a_client_come_in_order() -> None:
    codes = [rules.service.code for rules in RULES.services_of(POPULATION)]
    assert codes == ["citizens", "partial", "off", "pets"]
    assert RULES.services_of(ONESTOP) == ()
