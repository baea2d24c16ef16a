"""The verdicts of `globalconf verify` over the published samples, as its caller sees them."""

import json
from pathlib import Path

import pytest
from tests.shared import shared

from lienthong.cli.main import main
from lienthong.exchange.globalconf.anchor import write_anchor
from lienthong.exchange.globalconf.model import AnchorSource, ConfigurationAnchor
from lienthong.exchange.globalconf.registry import codec_for
from lienthong.trust.certificates import Certificate

SAMPLES = "fixtures/xroad/signed-directory"


def known_anchor() -> Path:
    return shared("fixtures/xroad/anchors/configuration_anchor_CS_internal.xml")


def anchor_with(folder: Path, instance: str, *certificates: bytes, name: str = "internalconf") -> Path:
    source = AnchorSource(download_url=f"http://cs/{name}", certificates=certificates)
    path = folder / "anchor.xml"
    path.write_bytes(write_anchor(ConfigurationAnchor(instance=instance, sources=(source,))))
    return path


def own_anchor(folder: Path, version: int, name: str) -> Path:
    data = next(shared(f"{SAMPLES}/V{version}").glob("*/shared-params.xml")).read_bytes()
    parameters = codec_for(max(version, 4)).read_shared(data)
    source = parameters.sources[0]
    certificates = source.internal_certificates if name == "internalconf" else source.external_certificates
    return anchor_with(folder, parameters.instance, *certificates, name=name)


def verify(capsys: pytest.CaptureFixture[str], anchor: Path, source: Path, *more: str) -> tuple[int, dict[str, object]]:
    code = main(["globalconf", "verify", "--anchor", str(anchor), "--source", str(source), "--json", *more])
    return code, json.loads(capsys.readouterr().out)


def test_the_folder_of_a_version_is_valid_under_its_anchor(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = verify(capsys, known_anchor(), shared(f"{SAMPLES}/V6"))
    assert code == 0
    assert answer["valid"] is True
    assert answer["fault_code"] is None
    assert (answer["instance"], answer["version"], answer["expires"]) == ("DEV", 6, "2035-11-11T03:07:40Z")
    assert [part["valid"] for part in answer["parts"]] == [True, True]  # type: ignore[index, attr-defined]


def test_after_its_expiry_it_is_outdated(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = verify(capsys, known_anchor(), shared(f"{SAMPLES}/V6"), "--at", "2035-11-11T03:07:40Z")
    assert (code, answer["valid"], answer["fault_code"]) == (1, False, "global_conf_outdated")


def test_only_the_anchors_certificates_are_believed(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = verify(capsys, known_anchor(), shared(f"{SAMPLES}/V3"))
    assert (code, answer["fault_code"]) == (1, "global_conf_missing_verification_cert")


@pytest.mark.parametrize(
    ("version", "name", "expected"),
    [
        (3, "internalconf", None),
        (3, "externalconf", None),
        (6, "externalconf", "global_conf_part_downloaded_file_integrity_failure"),
        (6, "internalconf", "global_conf_missing_verification_cert"),
    ],
)
@pytest.mark.parametrize("is_document", [True, False])
def test_which_document_follows_from_the_anchor(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, version: int, name: str, expected: str | None, is_document: bool
) -> None:
    folder = shared(f"{SAMPLES}/V{version}")
    code, answer = verify(capsys, own_anchor(tmp_path, version, name), folder / name if is_document else folder)
    assert answer["fault_code"] == expected
    assert code == (0 if expected is None else 1)


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        ("simple", "2026-05-20T17:42:54Z", None),
        ("simple", "2026-05-20T17:42:55Z", "global_conf_outdated"),
        ("detached", "2026-01-01T00:00:00Z", None),
        ("missing-date", "2014-01-01T00:00:00Z", "global_conf_header_field_missing"),
        ("invalid-signature", "2014-01-01T00:00:00Z", "global_conf_signature_verification_failure"),
        ("missing-signature", "2014-01-01T00:00:00Z", "global_conf_signature_verification_failure"),
        ("malformed", "2014-01-01T00:00:00Z", "global_conf_missing_signed_data_expiration_date"),
    ],
)
def test_documents_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, at: str, expected: str | None
) -> None:
    folder = shared(f"{SAMPLES}/textual")
    consumer = Certificate.from_pem_or_der((folder / "consumer.pem").read_bytes())
    anchor = anchor_with(tmp_path, "EE", consumer.der)
    code, answer = verify(capsys, anchor, folder / f"test-conf-{name}.txt", "--at", at)
    assert answer["fault_code"] == expected
    assert code == (0 if expected is None else 1)


def test_a_missing_part_makes_a_folder_invalid(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document = shared(f"{SAMPLES}/V6/internalconf").read_bytes()
    (tmp_path / "internalconf").write_bytes(document)
    code, answer = verify(capsys, known_anchor(), tmp_path)
    assert (code, answer["fault_code"]) == (1, "global_conf_part_download_failure")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_people_are_told_in_their_language(capsys: pytest.CaptureFixture[str], lang: str) -> None:
    arguments = ["--anchor", str(known_anchor()), "--source", str(shared(f"{SAMPLES}/V6"))]
    assert main(["--lang", lang, "globalconf", "verify", *arguments]) == 0
    assert {"vi": "HỢP LỆ: DEV", "en": "VALID: DEV"}[lang] in capsys.readouterr().out


def test_files_that_cannot_be_read_are_no_verdict(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, answer = verify(capsys, tmp_path / "none.xml", shared(f"{SAMPLES}/V6"))
    assert (code, answer["fault_code"]) == (2, "anchor_file_not_found")
    code, answer = verify(capsys, known_anchor(), tmp_path / "none")
    assert code == 2
    (tmp_path / "bad.xml").write_bytes(b"<x/>")
    code, answer = verify(capsys, tmp_path / "bad.xml", shared(f"{SAMPLES}/V6"))
    assert (code, answer["fault_code"]) == (2, "malformed_anchor")
    assert answer["valid"] is False
