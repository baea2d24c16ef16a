"""What is fetched, kept and refused; metadata and optional parts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.fakes.instances import MEMBER, NOW, certificate, key_entries, registry
from tests.shared import shared

from lienthong.exchange.central.registry import private_parameters, shared_parameters
from lienthong.exchange.errors import Fault
from lienthong.exchange.globalconf.directory import DirectoryPart, SignedDirectory
from lienthong.exchange.globalconf.metadata import PartMetadata, read_metadata, write_metadata
from lienthong.exchange.globalconf.optional_parts import (
    read_fetch_interval,
    read_monitoring,
    read_verify_next_update,
    write_fetch_interval,
    write_monitoring,
    write_verify_next_update,
)
from lienthong.exchange.globalconf.refresh import assemble, configuration_from, plan_refresh
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.exchange.identifiers import ClientId
from lienthong.trust.algorithms import DigestAlgorithm

FILES = {
    "shared-params.xml": codec_for(6).write_shared(shared_parameters(registry(), key_entries())),
    "private-params.xml": codec_for(6).write_private(private_parameters(registry())),
    "monitoring-params.xml": write_monitoring(MEMBER),
    "nextupdate-params.xml": write_verify_next_update(False),
    "fetchinterval-params.xml": write_fetch_interval(timedelta(seconds=30)),
}
IDENTIFIERS = dict(
    zip(FILES, ["SHARED-PARAMETERS", "PRIVATE-PARAMETERS", "MONITORING", "NEXTUPDATE", "FETCHINTERVAL"], strict=True)
)


def part(name: str, **changed: object) -> DirectoryPart:
    given: dict[str, object] = {
        "identifier": IDENTIFIERS[name],
        "instance": "VN",
        "location": f"/V6/20261125/{name}",
        "digest": DigestAlgorithm.SHA512.digest(FILES[name]),
    }
    return DirectoryPart(**{**given, **changed})  # type: ignore[arg-type]  # tests name real fields


def directory(*parts: DirectoryPart) -> SignedDirectory:
    return SignedDirectory(
        expires=NOW + timedelta(minutes=10),
        version=6,
        parts=parts or tuple(part(name) for name in FILES),
        certificate=certificate("internal"),
    )


def code_of(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Fault) as refused:
        act(*args, **kwargs)  # type: ignore[operator]
    return refused.value.code


def test_only_changed_files_are_fetched() -> None:
    held = {**FILES, "shared-params.xml": b"old"}
    plan = plan_refresh(directory(), "VN", held, shared_only=False)
    assert set(plan.download) == {"shared-params.xml"}
    assert set(plan.keep) == set(FILES) - {"shared-params.xml"}


def test_of_a_federated_instance_only_shared_parameters_are_taken() -> None:
    plan = plan_refresh(directory(), "VN", {}, shared_only=True)
    assert set(plan.download) == {"shared-params.xml"}


def test_required_parts_must_be_listed() -> None:
    lacking = directory(part("shared-params.xml"))
    assert code_of(plan_refresh, lacking, "VN", {}, shared_only=False) == (
        "global_conf_parsing_downloaded_conf_directory_failure"
    )
    assert code_of(plan_refresh, directory(), "XX", {}, shared_only=True) == (
        "global_conf_parsing_downloaded_conf_directory_failure"
    )


def test_an_optional_part_cannot_take_another_files_place() -> None:
    intruder = part("monitoring-params.xml", location="/V6/1/private-params.xml")
    listed = directory(part("shared-params.xml"), part("private-params.xml"), intruder)
    assert "directory" in code_of(plan_refresh, listed, "VN", {}, shared_only=False)
    hidden = part("monitoring-params.xml", location="/V6/1/shared-params.xml.metadata")
    listed = directory(part("shared-params.xml"), part("private-params.xml"), hidden)
    assert code_of(plan_refresh, listed, "VN", {}, shared_only=False) == "global_conf_part_file_save_failure"


def test_whole_generations_become_a_configuration() -> None:
    stored = assemble(directory(), "VN", FILES)
    conf = configuration_from(stored)
    assert conf.instance == "VN"
    assert conf.version == 6
    assert conf.expires == NOW + timedelta(minutes=10)
    assert conf.private == private_parameters(registry())
    assert conf.monitoring_client == MEMBER
    assert not conf.verify_next_update
    assert conf.ocsp_fetch_interval == timedelta(seconds=60)


def test_a_file_of_another_instance_is_refused() -> None:
    foreign = tuple(replace(each, instance="XX") for each in directory().parts)
    assert code_of(assemble, directory(*foreign), "XX", FILES) == "global_conf_part_invalid_instance_identifier"


def test_a_file_that_is_not_the_listed_one_is_refused() -> None:
    changed = {**FILES, "shared-params.xml": FILES["private-params.xml"]}
    assert code_of(assemble, directory(), "VN", changed) == "global_conf_part_downloaded_file_integrity_failure"


def test_a_malformed_optional_part_does_not_enter_a_generation() -> None:
    bad = {**FILES, "nextupdate-params.xml": b"<x/>"}
    digest = DigestAlgorithm.SHA512.digest(b"<x/>")
    parts = [part(n, digest=digest) if n == "nextupdate-params.xml" else part(n) for n in FILES]
    assert code_of(assemble, directory(*parts), "VN", bad) == "malformed_optional_parts_conf"


def test_without_shared_parameters_there_is_no_configuration() -> None:
    assert code_of(configuration_from, {}) == "malformed_global_conf"


@pytest.mark.parametrize("kind", ["monitoring", "nextupdate", "fetchinterval"])
def test_published_optional_parts(kind: str) -> None:
    readers = {
        "monitoring": (read_monitoring, ClientId("fdev", "GOV", "66655666"), None),
        "nextupdate": (read_verify_next_update, False, "refused"),
        "fetchinterval": (read_fetch_interval, timedelta(seconds=500), "refused"),
    }
    read, expected, empty = readers[kind]
    folder = shared("fixtures/xroad/globalconf")
    assert read((folder / f"valid-{kind}-params.xml").read_bytes()) == expected
    assert code_of(read, (folder / f"invalid-{kind}-params.xml").read_bytes()) == "malformed_optional_parts_conf"
    if empty is None:
        assert read((folder / f"empty-{kind}-params.xml").read_bytes()) is None
    else:
        assert code_of(read, (folder / f"empty-{kind}-params.xml").read_bytes()) == "malformed_optional_parts_conf"


def test_metadata_are_what_scripts_read() -> None:
    metadata = PartMetadata(
        identifier="SHARED-PARAMETERS", instance="VN", expires=NOW, location="/V6/1/shared-params.xml", version=6
    )
    written = write_metadata(metadata)
    assert b'"expirationDate":"2026-11-25T03:00:00Z"' in written
    assert b'"configurationVersion":"6"' in written
    assert read_metadata(written) == metadata


@example(b"[" * 100_000)
@given(st.one_of(st.binary(max_size=60), st.sampled_from([b"{}", b"[]", b'{"configurationVersion":"x"}'])))
def test_garbled_metadata_mean_version_2_that_never_expires(data: bytes) -> None:
    metadata = read_metadata(data)
    assert metadata.expires is None
    assert metadata.version == 2
