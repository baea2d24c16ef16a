import dataclasses
import pickle
from dataclasses import replace

import pytest
from tests.fakes.settings_files import COMPLETE, read

from lienthong.exchange.identifiers import ClientId, ServiceId
from lienthong.exchange.serverconf.settings import Settings


def test_settings_are_values() -> None:
    settings = read(COMPLETE)
    assert settings == read(COMPLETE)
    assert hash(settings.clients) == hash(read(COMPLETE).clients)
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.workers = 2  # type: ignore[misc]  # that it fails is the point


def test_settings_name_no_secret() -> None:
    secrets = {"password", "pin", "dsn", "secret", "token"}
    assert not secrets & {field.name for field in dataclasses.fields(Settings)}


def test_clients_and_services_are_found_by_their_exact_ids() -> None:
    settings = read(COMPLETE)
    for client in settings.clients:
        assert settings.client(client.id) is client
        assert settings.client(client.id._replace(instance="OTHER")) is None
        for service in client.services:
            assert settings.service(ServiceId(client.id, service.code, service.version)) is service
            assert settings.service(ServiceId(client.id, service.code, "v9")) is None
            assert settings.service(ServiceId(client.id, service.code.upper() + "x")) is None


def test_versions_of_one_code_stand_beside_each_other() -> None:
    settings = read(COMPLETE)
    legacy = settings.clients[1]
    assert [service.name for service in legacy.services] == ["getPerson/v1", "getPerson/v2", "helloMtom"]
    assert settings.service(ServiceId(legacy.id, "getPerson")) is None
    assert settings.service(ServiceId(legacy.id, "getPerson", "v2")) is legacy.services[1]


def test_a_service_knows_what_describes_it() -> None:
    described = {service.name: service.description for client in read(COMPLETE).clients for service in client.services}
    assert described["helloMtom"] == "hello.wsdl"
    assert described["pets"] == "pets.yaml"
    assert described["citizens"] == ""


def test_what_is_found_follows_what_is_replaced() -> None:
    settings = read(COMPLETE)
    first, *others = settings.clients
    changed = replace(settings, clients=tuple(others))
    assert settings.client(first.id) is first
    assert changed.client(first.id) is None
    assert pickle.loads(pickle.dumps(changed)) == changed


def test_finding_a_client_does_not_look_at_the_others() -> None:
    class Unequal(ClientId):
        """Fails where it is compared."""

        __hash__ = ClientId.__hash__

        def __eq__(self, other: object) -> bool:
            raise AssertionError("compared")

    settings = read(COMPLETE)
    strangers = tuple(replace(settings.clients[0], id=Unequal("VN", "GOV", f"X{number}", "s")) for number in range(100))
    crowded = replace(settings, clients=(*strangers, *settings.clients))
    assert crowded.client(settings.clients[0].id) == settings.clients[0]
