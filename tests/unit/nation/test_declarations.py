"""What the country declares is what the servers' own readers accept."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from lienthong.cli.security_key_enroll import read_wishes
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.nation import declarations
from lienthong.nation.pki import read_pki
from lienthong.nation.plan import CountryPlan
from lienthong.nation.topology import Network

PLAN = CountryPlan(folder=Path("/country"), network=Network(7), as_of=date(2020, 8, 31))


@pytest.mark.parametrize("server", PLAN.country.servers, ids=lambda server: server.name)
def test_the_settings_of_every_server_are_valid(server) -> None:
    text = declarations.security_server(PLAN, server)
    settings = parse_settings(text, file=Path("/country/settings.toml"))
    assert str(settings.listen) == PLAN.network.address(server.host)
    assert {"/".join(client.id.parts) for client in settings.clients} == set(server.clients)


def test_the_register_demands_a_purpose_and_admits_one_client() -> None:
    text = declarations.security_server(PLAN, PLAN.country.provider_server)
    (client,) = parse_settings(text, file=Path("/country/settings.toml")).clients
    assert [service.name for service in client.services] == ["population", "verifyIdentity/v1"]
    for service in client.services:
        assert service.personal_data
        assert ["/".join(right.subject.parts) for right in service.access] == [PLAN.country.client]


def test_what_an_operator_changes_during_the_story_reaches_the_settings() -> None:
    choices = declarations.ServerChoices(dial_port=5600, timestamp_failure_s=1)
    text = declarations.security_server(PLAN, PLAN.country.consumer_server, choices, signing_key="sign-2")
    settings = parse_settings(text, file=Path("/country/settings.toml"))
    assert settings.keys.signing[0][1].key == "sign-2"
    assert settings.ports.dial_port == 5600
    assert settings.log.acceptable_timestamp_failure_period.total_seconds() == 1


def test_the_central_server_registers_every_server_with_its_certificate() -> None:
    declared = tomllib.loads(declarations.central(PLAN, read_pki().authority))
    assert [server["auth_certificates"] for server in declared["server"]] == [
        ["/country/certificates/ss1/auth.pem"],
        ["/country/certificates/ss2/auth.pem"],
        ["/country/certificates/ss3/auth.pem"],
    ]


def test_the_register_lives_on_the_day_of_the_country() -> None:
    declared = tomllib.loads(declarations.population(PLAN))
    assert declared["as_of"] == date(2020, 8, 31)


def test_the_keys_wished_for_a_server_carry_its_names(tmp_path: Path) -> None:
    wishes = tmp_path / "keys.toml"
    wishes.write_text(declarations.wished_keys(PLAN, PLAN.country.consumer_server, read_pki().keys), "utf-8")
    keys = read_wishes(wishes)
    assert list(keys) == ["auth", "sign", "tls"]
    assert keys["sign"].subject == {"C": "VN", "O": "GOV", "CN": "000.00.00.H10"}
    assert keys["tls"].dns == ["ss1.000.00.00.H10.vn.example"]
