"""What a log container must hold, and the code for each thing that is missing."""

from collections.abc import Iterable

import pytest
from tests.shared import shared

from lienthong.exchange.errors import Fault
from lienthong.exchange.message.evidence import read_evidence
from lienthong.trust.asic import ASIC_E, write_container

FULL = {
    "mimetype": ASIC_E.encode(),
    "message.xml": b"m",
    "META-INF/signatures.xml": b"s",
    "sig-hashchainresult.xml": b"r",
    "sig-hashchain.xml": b"c",
    "ts-hashchainresult.xml": b"tr",
    "ts-hashchain.xml": b"tc",
    "META-INF/manifest.xml": b"",
    "META-INF/timestamp.tst": b"t",
    "attachment1": b"1",
    "Attachment12": b"12",
    "attachment0": b"no",
}
PARSE_ONLY = {
    "not-asic": "asic_mime_type_not_found",
    "no-mimetype": "asic_mime_type_not_found",
    "no-message": "asic_message_not_found",
    "no-signature": "asic_signature_not_found",
}


def packed(*, without: Iterable[str] = (), **changed: bytes) -> bytes:
    return write_container((name, data) for name, data in {**FULL, **changed}.items() if name not in without)


def code_of(data: bytes) -> str:
    with pytest.raises(Fault) as caught:
        read_evidence(data)
    return caught.value.code


def test_everything_there() -> None:
    evidence = read_evidence(packed())
    assert evidence.parts == {"/message.xml": b"m", "/attachment1": b"1", "/attachment12": b"12"}
    assert (evidence.signature_xml, evidence.hash_chain_result, evidence.hash_chain) == (b"s", b"r", b"c")
    assert (evidence.timestamp_result, evidence.timestamp_chain, evidence.timestamp_token) == (b"tr", b"tc", b"t")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("mimetype", "asic_mime_type_not_found"),
        ("message.xml", "asic_message_not_found"),
        ("META-INF/signatures.xml", "asic_signature_not_found"),
        ("sig-hashchainresult.xml", "asic_hash_chain_result_not_found"),
        ("sig-hashchain.xml", "asic_hash_chain_not_found"),
        ("ts-hashchainresult.xml", "asic_hash_chain_result_not_found"),
        ("ts-hashchain.xml", "asic_hash_chain_not_found"),
        ("META-INF/timestamp.tst", "asic_timestamp_not_found"),
        ("META-INF/manifest.xml", "asic_manifest_not_found"),
    ],
)
def test_missing(name: str, code: str) -> None:
    assert code_of(packed(without=[name])) == code


def test_wrong_media_type() -> None:
    assert code_of(packed(mimetype=b"application/zip")) == "asic_invalid_mime_type"


def test_two_signature_files() -> None:
    data = write_container([*FULL.items(), ("META-INF/signatures2.xml", b"s")])
    assert code_of(data) == "asic_invalid_container"


def test_unsafe_container() -> None:
    assert code_of(write_container([*FULL.items(), ("../x", b"")])) == "asic_invalid_container"


@pytest.mark.parametrize("name", PARSE_ONLY)
def test_fixtures_refused(name: str) -> None:
    assert code_of(shared(f"fixtures/xroad/asic-parse/{name}.asice").read_bytes()) == PARSE_ONLY[name]


@pytest.mark.parametrize("name", ["valid-signed-message", "valid-signed-message-with-attachments"])
def test_fixtures_read(name: str) -> None:
    assert read_evidence(shared(f"fixtures/xroad/asic-parse/{name}.asice").read_bytes()).signature_xml
