"""Containers in the order and shape of genuine ones."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from lxml import etree
from tests.unit.exchange.recordings import live

from lienthong.exchange.message.evidence import container_name, read_evidence, write_evidence

AT = datetime(2026, 11, 25, 2, 45, 10, tzinfo=UTC)


@pytest.mark.parametrize("case", ["rest/put", "rest/get", "soap/simple"])
def test_entries_of_a_genuine_container(case: str) -> None:
    raw = live(case, "consumer-log.request.asice")
    genuine = zipfile.ZipFile(io.BytesIO(raw))
    ours = zipfile.ZipFile(io.BytesIO(write_evidence(read_evidence(raw), at=AT)))
    assert ours.namelist() == genuine.namelist()
    assert ours.comment == genuine.comment
    for name in set(genuine.namelist()) - {"META-INF/manifest.xml"}:
        assert ours.read(name) == genuine.read(name), name
    assert manifest(ours) == manifest(genuine)


def manifest(archive: zipfile.ZipFile) -> tuple[str, dict[str, str], list[tuple[tuple[str, str], ...]]]:
    root = etree.fromstring(archive.read("META-INF/manifest.xml"))
    entries = sorted(tuple(sorted((str(k), str(v)) for k, v in child.attrib.items())) for child in root)
    return str(root.tag), {str(k): str(v) for k, v in root.attrib.items()}, entries


def test_same_evidence_same_bytes() -> None:
    evidence = read_evidence(live("rest/put", "consumer-log.request.asice"))
    assert write_evidence(evidence, at=AT) == write_evidence(evidence, at=AT)


@pytest.mark.parametrize(
    ("message_id", "record_id", "name"),
    [
        ("VN-0001", 0, "VN-0001-request-0.asice"),
        ("a/b c*é", 33, "a%2Fb+c*%C3%A9-request-11.asice"),
        ("x" * 300, -1, "x" * 226 + "-request-fvvvvvvvvvvvv.asice"),
    ],
)
def test_names(message_id: str, record_id: int, name: str) -> None:
    assert container_name(message_id=message_id, is_response=False, record_id=record_id) == name
    assert "-response-" in container_name(message_id=message_id, is_response=True, record_id=record_id)
