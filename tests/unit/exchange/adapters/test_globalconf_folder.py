"""Configurations on disk: the published sets, whole generations, and what scripts find."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.shared import shared

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.errors import ConfigurationError, Fault
from lienthong.exchange.globalconf.metadata import PartMetadata
from lienthong.exchange.globalconf.refresh import StoredPart
from lienthong.exchange.identifiers import ClientId, SecurityServerId
from lienthong.trust.certificates import Certificate

AT = datetime(2026, 11, 25, 2, 45, 3, tzinfo=UTC)
SETS = "fixtures/xroad/globalconf"


@pytest.mark.parametrize(
    ("name", "own", "versions"),
    [
        ("globalconf_good_v2", "EE", {"EE": 2, "foo": 2, "bar": 2}),
        ("globalconf_good_v4", "EE", {"EE": 4, "foo_v2": 2, "baz_v3": 3, "bar": 3}),
        ("globalconf_good_v6", "EE", {"EE": 6, "foo_v2": 2, "baz_v3": 3, "qux_v4": 4, "quux_v5": 5, "bar": 3}),
        ("globalconf_good2_v3", "DEV", {"DEV": 3}),
        ("globalconf_empty", "EE", {}),
    ],
)
def test_published_sets_load(name: str, own: str, versions: dict[str, int]) -> None:
    found = GlobalConfFolder(shared(f"{SETS}/{name}")).load()
    assert {instance: conf.version for instance, conf in found.instances.items() if instance in versions} == versions
    if name != "globalconf_empty":
        assert found.local_instance == own


def test_a_folder_without_its_identifier_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="instance-identifier"):
        GlobalConfFolder(shared(f"{SETS}/globalconf_missing_identifier")).load()


def test_a_malformed_foreign_instance_is_absent() -> None:
    folder = GlobalConfFolder(shared(f"{SETS}/globalconf_malformed"))
    assert folder.load().instances == {}
    assert set(folder.problems) == {"foo"}


@pytest.mark.parametrize("side", ["ss1", "ss2"])
def test_recorded_servers(side: str) -> None:
    live = shared("fixtures/xroad/live")
    found = GlobalConfFolder(live / "globalconf" / side).load()
    assert not found.is_expired(AT)
    assert found.is_expired(datetime(2040, 1, 1, tzinfo=UTC))
    certificate = Certificate.from_der((live / "pki/ss2-auth-rsa.cert.der").read_bytes())
    server = found.server_by_auth_certificate(certificate)
    assert server == SecurityServerId(ClientId("VN", "GOV", "000.00.00.G01"), "ss2")
    signing = Certificate.from_der((live / "pki/ss1-sign-rsa.cert.der").read_bytes())
    ca = found.find_ca("VN", signing.canonical_issuer)
    assert ca is not None
    assert ca.is_top
    assert ca.responders


def parts(expires: datetime) -> dict[str, StoredPart]:
    live = shared("fixtures/xroad/live/globalconf/ss1/VN")
    return {
        f"{kind}-params.xml": StoredPart(
            data=(live / f"{kind}-params.xml").read_bytes(),
            metadata=PartMetadata(
                identifier=f"{kind.upper()}-PARAMETERS",
                instance="VN",
                expires=expires,
                location=f"/V6/1/{kind}",
                version=6,
            ),
        )
        for kind in ("shared", "private")
    }


def test_a_generation_replaces_the_one_before_as_a_whole(tmp_path: Path) -> None:
    folder = GlobalConfFolder(tmp_path)
    folder.set_local_instance("VN")
    folder.replace("VN", parts(AT))
    first = folder.load()
    old = (tmp_path / "VN").resolve()
    folder.replace("VN", {"shared-params.xml": parts(AT)["shared-params.xml"]})
    assert set(folder.stored("VN")) == {"shared-params.xml"}
    assert sorted(p.name for p in old.iterdir())[0] == "private-params.xml"
    folder.replace("VN", parts(AT + timedelta(minutes=1)))
    second = folder.load()
    assert not old.exists()
    assert second.local.expires == AT + timedelta(minutes=1)
    assert first.local.shared == second.local.shared


def test_unchanged_files_are_parsed_once(tmp_path: Path) -> None:
    folder = GlobalConfFolder(tmp_path)
    folder.set_local_instance("VN")
    folder.replace("VN", parts(AT))
    first = folder.load()
    folder.replace("VN", parts(AT + timedelta(minutes=1)))
    second = folder.load()
    assert second.indexes["VN"] is first.indexes["VN"]
    assert second.local.expires == AT + timedelta(minutes=1)


def test_scripts_find_the_usual_layout(tmp_path: Path) -> None:
    folder = GlobalConfFolder(tmp_path)
    folder.set_local_instance("VN")
    folder.replace("VN", parts(AT))
    assert (tmp_path / "instance-identifier").read_text() == "VN"
    metadata = json.loads((tmp_path / "VN" / "shared-params.xml.metadata").read_bytes())
    assert metadata == {
        "contentIdentifier": "SHARED-PARAMETERS",
        "instanceIdentifier": "VN",
        "expirationDate": "2026-11-25T02:45:03Z",
        "contentFileName": None,
        "contentLocation": "/V6/1/shared",
        "configurationVersion": "6",
    }


def test_a_folder_of_another_server_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "VN").mkdir()
    (tmp_path / "VN" / "shared-params.xml").write_bytes(b"old")
    folder = GlobalConfFolder(tmp_path)
    folder.replace("VN", parts(AT))
    assert folder.stored("VN")["shared-params.xml"].metadata.version == 6


def test_instances_that_are_gone_are_removed(tmp_path: Path) -> None:
    folder = GlobalConfFolder(tmp_path)
    for name in ("VN", "EE", "..", "a/b", "a/ b"):
        folder.replace(name, parts(AT))
    assert set(folder.instances()) == {"VN", "EE", "..", "a/b", "a/ b"}
    folder.keep_only(["VN", ".."])
    assert folder.instances() == ("..", "VN")
    assert folder.stored("EE") == {}


def test_the_own_instance_must_be_readable(tmp_path: Path) -> None:
    folder = GlobalConfFolder(tmp_path)
    folder.set_local_instance("VN")
    folder.replace("VN", {"shared-params.xml": StoredPart(data=b"<x/>", metadata=PartMetadata())})
    with pytest.raises(Fault):
        folder.load()
