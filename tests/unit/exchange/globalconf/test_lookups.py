"""What messages ask of configurations, over our own instance and a federated one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.fakes.instances import MANAGEMENT, MEMBER, NOW, POPULATION, SERVER, certificate, key_entries, registry

from lienthong.exchange.central.registry import private_parameters, shared_parameters
from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.globalconf import GlobalConf, GlobalConfSet
from lienthong.exchange.globalconf.model import OWNERS_GROUP, MaintenanceMode
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.exchange.identifiers import ClientId, GlobalGroupId, SecurityServerId

STRANGER = ClientId("XX", "GOV", "1")


def conf(version: int = 6, **changed: object) -> GlobalConf:
    codec = codec_for(version)
    given: dict[str, object] = {
        "version": version,
        "shared": codec.read_shared(codec.write_shared(shared_parameters(registry(), key_entries()))),
        "private": private_parameters(registry()),
        "expires": NOW,
    }
    return GlobalConf(**{**given, **changed})  # type: ignore[arg-type]  # tests name real fields


def held(*others: GlobalConf, **changed: object) -> GlobalConfSet:
    return GlobalConfSet.of("VN", [conf(**changed), *others])  # type: ignore[arg-type]


def test_expiry_is_the_instant_itself() -> None:
    assert held().is_expired(NOW)
    assert not held().is_expired(NOW - timedelta(seconds=1))
    assert not held(expires=None).is_expired(NOW)


def test_a_missing_own_instance_or_missing_private_parameters_stop_everything() -> None:
    empty = GlobalConfSet.of("VN", [])
    assert empty.is_expired(NOW)
    assert held(private=None, expires=None).is_expired(NOW)
    with pytest.raises(ConfigurationError):
        _ = empty.local


def test_members_of_an_expired_foreign_instance_become_unknown() -> None:
    foreign = conf()
    foreign = replace(foreign, shared=replace(foreign.shared, instance="XX"), expires=NOW)
    both = held(foreign)
    assert set(both.without_expired(NOW - timedelta(seconds=1)).instances) == {"VN", "XX"}
    assert set(both.without_expired(NOW).instances) == {"VN"}
    assert both.without_expired(NOW - timedelta(seconds=1)) is both


def test_addresses_count_the_owner_as_registered() -> None:
    found = held()
    assert found.addresses_of(POPULATION) == ((SERVER, "127.0.1.2"),)
    assert found.addresses_of(MEMBER) == ((SERVER, "127.0.1.2"),)
    assert found.addresses_of(MANAGEMENT) == ()
    assert found.addresses_of(STRANGER) == ()
    assert found.address_of_server(SERVER) == "127.0.1.2"
    assert found.address_of_server(SecurityServerId(MEMBER, "none")) is None


def test_clients_of_a_server() -> None:
    found = held()
    assert found.server_lists_client(SERVER, POPULATION)
    assert found.server_lists_client(SERVER, MEMBER)
    assert not found.server_lists_client(SERVER, MANAGEMENT)
    assert not found.server_lists_client(SecurityServerId(STRANGER, "ss1"), POPULATION)
    assert found.clients_of(SERVER) == {MEMBER, POPULATION}
    assert found.server_exists(SERVER)


@pytest.mark.parametrize("version", [2, 3, 6])
def test_a_server_is_found_by_its_authentication_certificate_in_every_version(version: int) -> None:
    assert held(version=version).server_by_auth_certificate(certificate("auth")) == SERVER
    assert held(version=version).server_by_auth_certificate(certificate("other")) is None
    assert held(version=version).knows_auth_certificate(certificate("auth").der)
    assert not held(version=version).knows_auth_certificate(certificate("other").der)


def test_cas_are_found_by_subject() -> None:
    found = held()
    top = found.find_ca("VN", certificate("ca").canonical_subject)
    assert top is not None
    assert top.is_top
    assert top.certificate == certificate("ca")
    assert top.responder_certificates == (certificate("ocsp"),)
    assert top.certificate_profile_info == "x.EjbcaCertificateProfileInfoProvider"
    intermediate = found.find_ca("VN", certificate("sub-ca").canonical_subject)
    assert intermediate is not None
    assert not intermediate.is_top
    assert found.find_ca("VN", certificate("other").canonical_subject) is None
    assert found.find_ca("XX", certificate("ca").canonical_subject) is None
    assert found.ca_certificates() == (certificate("ca"), certificate("sub-ca"))
    assert found.top_certificates("VN") == (certificate("ca"),)
    assert found.tsa_certificates() == (certificate("tsa"),)
    assert [tsa.name for tsa in found.tsas()] == ["TSA"]


def test_a_certificate_that_cannot_be_parsed_is_as_if_it_were_not_there() -> None:
    good = conf()
    broken = replace(good.shared.approved_tsas[0], certificate_der=b"bar")
    found = GlobalConfSet.of("VN", [replace(good, shared=replace(good.shared, approved_tsas=(broken,)))])
    assert found.tsa_certificates() == ()


def test_groups_names_and_rules() -> None:
    found = held()
    assert found.in_group(POPULATION, GlobalGroupId("VN", "everyone"))
    assert not found.in_group(MEMBER, GlobalGroupId("VN", "everyone"))
    assert found.in_group(MEMBER, GlobalGroupId("VN", OWNERS_GROUP))
    assert not found.in_group(MEMBER, GlobalGroupId("XX", OWNERS_GROUP))
    assert found.subsystems() == (MANAGEMENT, POPULATION)
    assert found.members() == (MEMBER,)
    assert found.member_name(POPULATION) == "Bộ Công an"
    assert found.subsystem_name(POPULATION) == "Dân cư"
    assert found.is_registered(MANAGEMENT)
    assert not found.is_registered(STRANGER)
    assert found.ocsp_freshness() == timedelta(seconds=3600)
    assert found.verify_next_update()
    assert found.maintenance_of(SERVER) == MaintenanceMode(message="Bảo trì đến 18 giờ")


def test_stampers_are_of_one_instance_or_of_all() -> None:
    foreign = conf()
    both = held(replace(foreign, shared=replace(foreign.shared, instance="XX")))
    (own,) = both.tsa_certificates("VN")
    assert both.tsa_certificates("XX") == (own,)
    assert both.tsa_certificates() == (own, own)
    assert both.tsa_certificates("ZZ") == ()


def test_a_stamper_whose_certificate_is_none_is_left_out() -> None:
    known = conf()
    for broken in (b"x", None):
        stampers = tuple(replace(tsa, certificate_der=broken) for tsa in known.shared.approved_tsas)
        assert held(shared=replace(known.shared, approved_tsas=stampers)).tsa_certificates() == ()
