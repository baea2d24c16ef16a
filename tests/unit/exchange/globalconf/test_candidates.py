"""Where a client looks, in which order."""

from collections.abc import Sequence

import pytest
from tests.fakes.instances import MANAGEMENT, NOW
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.anchor import (
    anchor_file_name,
    anchor_fingerprint,
    directory_name,
    read_anchor,
    write_anchor,
)
from lienthong.exchange.globalconf.candidates import (
    Location,
    candidate_locations,
    federated_anchors,
    versions_to_probe,
    with_version,
)
from lienthong.exchange.globalconf.model import (
    AnchorSource,
    ConfigurationAnchor,
    ConfigurationSource,
    ManagementService,
    PrivateParameters,
    SharedParameters,
)


def backwards(locations: Sequence[Location]) -> Sequence[Location]:
    return list(reversed(locations))


def anchor(*urls: str, instance: str = "VN") -> ConfigurationAnchor:
    return ConfigurationAnchor(
        instance=instance, sources=tuple(AnchorSource(download_url=url, certificates=(b"a",)) for url in urls)
    )


@pytest.mark.parametrize("url", ["http://[/internalconf", "http://cs:port/internalconf"])
def test_an_address_that_is_none_is_never_dialled(url: str) -> None:
    stored = SharedParameters(
        instance="VN", sources=(ConfigurationSource(address=url[7:].partition("/")[0], internal_certificates=(b"i",)),)
    )
    known = anchor(url, "http://cs/internalconf")
    found = candidate_locations(known, stored=stored, last_url=None, shuffle=backwards)
    assert [location.url for location in found] == ["https://cs/internalconf", "http://cs/internalconf"]
    with pytest.raises(Fault):
        directory_name(anchor(url))


STORED = SharedParameters(
    instance="VN",
    sources=(
        ConfigurationSource(address="cs1", internal_certificates=(b"i",), external_certificates=(b"e",)),
        ConfigurationSource(address="cs2:8090", internal_certificates=(b"j",)),
    ),
)


def urls(*args: object, **kwargs: object) -> list[str]:
    return [location.url for location in candidate_locations(*args, **kwargs)]  # type: ignore[arg-type]


def test_published_sources_come_before_the_anchor_and_https_before_http() -> None:
    given = anchor("http://cs/internalconf", "https://cs/internalconf")
    assert urls(given, stored=STORED, last_url=None, shuffle=backwards) == [
        "https://cs1/internalconf",
        "http://cs2:8090/internalconf",
        "http://cs1/internalconf",
        "https://cs/internalconf",
        "http://cs/internalconf",
    ]


def test_an_external_anchor_uses_external_certificates() -> None:
    found = candidate_locations(anchor("http://cs/externalconf"), stored=STORED, last_url=None, shuffle=backwards)
    assert found[0] == Location(url="https://cs1/externalconf", certificates=(b"e",))
    assert not any("cs2" in location.url for location in found)


def test_an_anchor_url_may_carry_a_port_and_then_has_no_https_twin() -> None:
    found = urls(anchor("http://127.0.9.1:8090/internalconf"), stored=None, last_url=None, shuffle=backwards)
    assert found == ["http://127.0.9.1:8090/internalconf"]


def test_the_last_place_that_worked_comes_first_but_only_while_it_is_named() -> None:
    given = anchor("http://cs/internalconf")
    assert (
        urls(given, stored=STORED, last_url="http://cs/internalconf", shuffle=backwards)[0] == "http://cs/internalconf"
    )
    assert "http://gone/internalconf" not in urls(
        given, stored=STORED, last_url="http://gone/internalconf", shuffle=backwards
    )


def test_a_removed_certificate_is_not_believed_again() -> None:
    given = anchor("http://cs/internalconf")
    renewed = SharedParameters(
        instance="VN", sources=(ConfigurationSource(address="cs1", internal_certificates=(b"new",)),)
    )
    found = candidate_locations(given, stored=renewed, last_url="http://cs1/internalconf", shuffle=backwards)
    assert found[0] == Location(url="http://cs1/internalconf", certificates=(b"new",))
    assert all(b"i" not in location.certificates for location in found)


def test_versions_are_probed_unless_the_url_names_one() -> None:
    assert versions_to_probe("http://cs/internalconf") == (6, 5, 4, 3)
    assert versions_to_probe("http://cs/internalconf?version=3") == ()
    assert with_version("http://cs/internalconf", 6) == "http://cs/internalconf?version=6"
    assert with_version("http://cs/internalconf?a=b", 6) == "http://cs/internalconf?a=b&version=6"


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [(["none"], []), ([], []), (["all"], ["EE", "FI"]), (["ee"], ["EE"]), (["none", "all"], [])],
)
def test_federations_need_permission(allowed: list[str], expected: list[str]) -> None:
    private = PrivateParameters(
        instance="VN",
        management_service=ManagementService(auth_cert_reg_url="https://cs/", provider=MANAGEMENT),
        anchors=(anchor("http://ee/externalconf", instance="EE"), anchor("http://fi/externalconf", instance="FI")),
    )
    assert [found.instance for found in federated_anchors(private, allowed)] == expected


def test_published_anchors_are_read() -> None:
    folder = shared("fixtures/xroad/anchors")
    known = read_anchor((folder / "configuration_anchor_CS_internal.xml").read_bytes())
    assert known.instance == "DEV"
    assert [source.download_url for source in known.sources] == ["http://cs/internalconf", "https://cs/internalconf"]
    assert directory_name(known) == "internalconf"
    assert len(read_anchor((folder / "configuration-anchor1.xml").read_bytes()).sources) == 3
    assert read_anchor(write_anchor(known)) == known


@pytest.mark.parametrize(
    "data", [b"", b"not xml", b"<a/>", b'<configurationAnchor xmlns="http://x-road.eu/xsd/xroad.xsd"/>']
)
def test_what_is_no_anchor_is_refused(data: bytes) -> None:
    with pytest.raises(Fault) as refused:
        read_anchor(data)
    assert refused.value.code == "malformed_anchor"


def test_people_compare_sha224_and_files_have_the_usual_name() -> None:
    assert anchor_fingerprint(b"").startswith("D1:4A:02:8C")
    assert anchor_file_name("VN", "internal", NOW) == "configuration_anchor_VN_internal_UTC_2026-11-25_03_00_00.xml"
