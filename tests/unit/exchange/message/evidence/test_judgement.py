"""Log containers judged: our own, X-Road's fixtures, and everything a genuine pair of servers exported."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from tests.fakes import pki, soap_messages
from tests.fakes.signing import BODY, MESSAGE, SHA512, KnownAuthorities, Signer, issued, signed, stamp, trust
from tests.shared import shared
from tests.unit.exchange.recordings import live, live_files

from lienthong.exchange.adapters.globalconf_folder import GlobalConfFolder
from lienthong.exchange.globalconf import GlobalConfSet
from lienthong.exchange.message.evidence import (
    EvidenceContainer,
    judge_evidence,
    read_evidence,
    verify_evidence,
    write_evidence,
)
from lienthong.exchange.message.hash_chain import SIGNATURE_RESULT, TIMESTAMP_CHAIN, ChainInput, build_chains
from lienthong.exchange.message.signers import read_logged_soap
from lienthong.exchange.message.soap import emptied
from lienthong.nation import judges
from lienthong.nation.errors import AbsentError
from lienthong.nation.judges import Exhibit
from lienthong.trust.algorithms import ARCHIVAL, PRODUCTION, DigestAlgorithm, Policy
from lienthong.trust.certificates.profiles import TSA
from lienthong.trust.validation import PartState, SignatureReport, TimestampKind
from lienthong.trust.xades import add_timestamp, parse_signature

EXPECTED = {
    "asic/valid-signed-message": None,
    "asic/valid-signed-hashchain": None,
    "asic/valid-non-batch-rest": None,
    "asic/wrong-message": "invalid_signature_value",
    "asic/invalid-signed-hashchain": "malformed_signature.invalid_hash_chain_ref",
    "asic/invalid-incorrect-references": "malformed_signature",
    "asic/invalid-not-signed-hashchain": "malformed_signature",
    "asic/attachments": "asic_message_not_found",
    "asic-parse/valid-signed-message-with-attachments": None,
    "asic-parse/not-asic": "asic_mime_type_not_found",
}


@cache
def conf(name: str) -> GlobalConfSet:
    return GlobalConfFolder(shared(f"fixtures/xroad/{name}")).load()


def plain() -> EvidenceContainer:
    xml = Signer().sign()
    return EvidenceContainer(
        message=MESSAGE, signature_xml=add_timestamp(xml, stamp(parse_signature(xml).signature_value))
    )


def batched() -> EvidenceContainer:
    own = [ChainInput("/message.xml", SHA512.digest(MESSAGE)), ChainInput("/attachment1", SHA512.digest(BODY))]
    chains = build_chains([own])
    xml = Signer().sign(signed(SIGNATURE_RESULT, chains.result, "application/hash-chain-result"))
    stamped = [ChainInput("/META-INF/signatures.xml", SHA512.digest(data)) for data in (b"another", xml)]
    times = build_chains([[item] for item in stamped], chain_name=TIMESTAMP_CHAIN)
    return EvidenceContainer(
        message=MESSAGE,
        signature_xml=xml,
        hash_chain_result=chains.result,
        hash_chain=chains.chains[0],
        timestamp_result=times.result,
        timestamp_chain=times.chains[1],
        timestamp_token=stamp(times.result),
        attachments={1: BODY},
    )


def judge(evidence: EvidenceContainer, **changed: object) -> SignatureReport:
    return judge_evidence(evidence, **{"trust": trust(), **changed})  # type: ignore[arg-type]  # passed through


def test_single_timestamp() -> None:
    report = judge(plain())
    assert report.is_valid, report
    assert report.time is not None
    assert report.time.kind is TimestampKind.SINGLE
    assert report.time.gen_time == pki.NOW + timedelta(minutes=2)


def test_batch_of_everything_also_when_packed() -> None:
    report = verify_evidence(write_evidence(batched(), at=pki.NOW), trust=trust())
    assert report.is_valid, report
    assert report.time is not None
    assert report.time.kind is TimestampKind.BATCH
    assert [part.state for part in report.parts] == [PartState.VERIFIED] * 2


def test_body_that_was_not_kept() -> None:
    evidence = replace(batched(), attachments={})
    assert [part.state for part in judge(evidence).parts] == [PartState.VERIFIED, PartState.ABSENT]
    shown = judge(evidence, bodies={"/attachment1": BODY})
    assert [part.state for part in shown.parts] == [PartState.VERIFIED] * 2
    wrong = judge(evidence, bodies={"/attachment1": BODY + b" "})
    assert wrong.fault_code == "malformed_signature.invalid_hash_chain_ref"
    assert judge(plain(), bodies={"/attachment1": BODY}).fault_code == "malformed_signature"


def test_directly_referenced_body_that_was_not_kept() -> None:
    xml = Signer().sign(signed("/message.xml", MESSAGE), signed("/attachment1", BODY))
    stamped = add_timestamp(xml, stamp(parse_signature(xml).signature_value))
    report = judge(EvidenceContainer(message=MESSAGE, signature_xml=stamped))
    assert [part.state for part in report.parts] == [PartState.VERIFIED, PartState.ABSENT]


def code_of(evidence: EvidenceContainer, **changed: object) -> str | None:
    return judge(evidence, **changed).fault_code


def test_timestamps_refused() -> None:
    good = batched()
    assert good.timestamp_result is not None
    other = replace(good, timestamp_token=stamp(b"another"))
    assert code_of(other) == "mlog.timestamp_response_validation_failed"
    assert code_of(replace(good, timestamp_token=b"x")) == "mlog.timestamp_response_validation_failed"
    nobody = KnownAuthorities(authorities=trust().authorities)
    assert code_of(good, trust=nobody) == "mlog.tsp_certificate_not_found"
    assert code_of(EvidenceContainer(message=MESSAGE, signature_xml=Signer().sign())) == "asic_timestamp_not_found"
    late = replace(good, timestamp_token=stamp(good.timestamp_result, at=pki.NOW + timedelta(hours=3)))
    assert code_of(late) == "invalid_cert_path.incorrect_validation_info"
    strict = Policy(
        name="strict", digests=frozenset(), rsa_bits_min=2048, rsa_bits_max=4096, curves=frozenset({"secp256r1"})
    )
    assert code_of(good, policy=strict) == "malformed_signature.unsupported_algorithm"
    assert issued.cache_info().currsize


def test_a_timestamp_by_an_algorithm_that_does_not_count() -> None:
    """The signature is by algorithms that count, the imprint of its timestamp is not."""
    good = batched()
    assert good.timestamp_result is not None
    imprinted = replace(good, timestamp_token=stamp(good.timestamp_result, digest=DigestAlgorithm.SHA384))
    assert code_of(imprinted) is None
    without = replace(PRODUCTION, name="without", digests=PRODUCTION.digests - {DigestAlgorithm.SHA384})
    assert code_of(imprinted, policy=without) == "malformed_signature.unsupported_algorithm"


def test_timestamp_of_another_signature() -> None:
    report = judge(replace(batched(), signature_xml=batched().signature_xml))
    assert report.fault_code == "malformed_signature.invalid_hash_chain_ref"
    assert report.signer == "VN/GOV/000.00.00.H10/onestop"
    assert report.certificate is not None
    assert report.parts == ()


def test_unreadable_pieces() -> None:
    assert code_of(replace(plain(), message=b"<a/>")) == "invalid_soap"
    assert code_of(replace(plain(), signature_xml=b"<a")) == "invalid_xml"
    assert code_of(replace(plain(), signature_xml=b"<a/>")) == "malformed_signature"
    assert verify_evidence(b"", trust=trust()).fault_code == "asic_mime_type_not_found"


@pytest.mark.parametrize("policy", [ARCHIVAL, PRODUCTION])
@pytest.mark.parametrize("name", EXPECTED)
def test_fixtures(name: str, policy: Policy) -> None:
    data = shared(f"fixtures/xroad/{name}.asice").read_bytes()
    report = verify_evidence(data, trust=conf("globalconf/globalconf_good2_v3"), policy=policy)
    assert report.fault_code == EXPECTED[name], report.detail


def some_live_files() -> list[Path]:
    """One of every group of recordings; ``tests/live`` judges all of them."""
    return [path for number, path in enumerate(live_files("**/*-log.*.asice")) if number % 7 == 0]


def test_genuine_containers() -> None:
    refused = {}
    for path in some_live_files():
        report = verify_evidence(path.read_bytes(), trust=conf("live/globalconf/ss1"))
        if not report.is_valid:
            refused[str(path)] = report.fault_code
    assert refused == {}


def test_genuine_container_changed_entry_by_entry() -> None:
    raw = live("rest/put", "consumer-log.request.asice")
    whole = read_evidence(raw)
    archive = zipfile.ZipFile(io.BytesIO(raw))
    assert judge(whole, trust=conf("live/globalconf/ss1")).is_valid
    for name in ("message", "signature_xml", "hash_chain_result", "hash_chain", "timestamp_result", "timestamp_chain"):
        changed = replace(whole, **{name: getattr(whole, name).replace(b"1", b"2", 1)})
        assert not judge(changed, trust=conf("live/globalconf/ss1")).is_valid, name
    assert not judge(
        replace(whole, attachments={1: archive.read("attachment1") + b" "}), trust=conf("live/globalconf/ss1")
    ).is_valid


# --- SOAP -------------------------------------------------------------------------------------------------------------

QUESTION = soap_messages.REQUEST.replace(">H10<", ">000.00.00.H10<").encode()
ANSWERED = (
    soap_messages.envelope(soap_messages.HEADER.replace(">G01<", ">000.00.00.H10<"), soap_messages.ANSWER)
    .replace("</SOAP-ENV:Header>", f"{soap_messages.HASH}</SOAP-ENV:Header>")
    .encode()
)
"""The signer of the fakes answers itself."""
ATTACHMENTS = (b"\x00\xffPDF", b"", "Giấy chứng nhận".encode())


def soap(
    message: bytes = QUESTION, attachments: tuple[bytes, ...] = (), *, kept: bytes | None = None
) -> EvidenceContainer:
    """Logged as our servers log: attachments by their digests, and *kept* in place of the message if given."""
    parts = [ChainInput("/message.xml", SHA512.digest(message))]
    parts += [ChainInput(f"/attachment{n}", SHA512.digest(data)) for n, data in enumerate(attachments, 1)]
    chains = build_chains([parts])
    signature = Signer().sign(signed(SIGNATURE_RESULT, chains.result, "application/hash-chain-result"))
    plain = Signer().sign(signed("/message.xml", message))
    xml = signature if attachments else plain
    stamped = add_timestamp(xml, stamp(parse_signature(xml).signature_value))
    return EvidenceContainer(
        message=message if kept is None else kept,
        signature_xml=stamped,
        hash_chain_result=chains.result if attachments else None,
        hash_chain=chains.chains[0] if attachments else None,
    )


def emptied_of(message: bytes) -> bytes:
    return emptied(read_logged_soap(message))


@pytest.mark.parametrize("message", [QUESTION, ANSWERED], ids=["question", "answer"])
@pytest.mark.parametrize("attachments", [(), ATTACHMENTS], ids=["alone", "attachments"])
def test_soap_messages_with_and_without_attachments(message: bytes, attachments: tuple[bytes, ...]) -> None:
    report = verify_evidence(write_evidence(soap(message, attachments), at=pki.NOW), trust=trust())
    assert report.is_valid, report
    assert report.signer == ("VN/GOV/000.00.00.H10/onestop" if message is QUESTION else "VN/GOV/000.00.00.H10/legacy")
    assert [part.state for part in report.parts] == [PartState.VERIFIED] + [PartState.ABSENT] * len(attachments)


def test_attachments_shown_later_are_judged_one_by_one() -> None:
    evidence = soap(QUESTION, ATTACHMENTS)
    report = judge(evidence, bodies={"/attachment3": ATTACHMENTS[2]})
    assert [part.state for part in report.parts] == [
        PartState.VERIFIED, PartState.ABSENT, PartState.ABSENT, PartState.VERIFIED,
    ]  # fmt: skip
    assert not judge(evidence, bodies={"/attachment2": ATTACHMENTS[2]}).is_valid
    assert not judge(evidence, bodies={"/attachment4": b""}).is_valid


@pytest.mark.parametrize("attachments", [(), ATTACHMENTS], ids=["alone", "attachments"])
def test_an_envelope_whose_body_was_not_logged(attachments: tuple[bytes, ...]) -> None:
    """The kept one is not what was signed, and says who signed; the original shown is judged in its place."""
    packed = write_evidence(soap(QUESTION, attachments, kept=emptied_of(QUESTION)), at=pki.NOW)
    alone = verify_evidence(packed, trust=trust())
    assert not alone.is_valid
    assert alone.detail.endswith("The log kept this envelope without its body: show the whole one")
    report = verify_evidence(packed, trust=trust(), body=QUESTION)
    assert report.is_valid, report
    assert report.signer == "VN/GOV/000.00.00.H10/onestop"
    assert not verify_evidence(packed, trust=trust(), body=QUESTION + b" ").is_valid


@pytest.mark.parametrize("old", [b"VN-1", b"onestop", b"VN12345678", b"getPerson"])
def test_an_envelope_of_another_message_is_not_taken(old: bytes) -> None:
    other = QUESTION.replace(old, old + b"X")
    evidence = soap(other, kept=emptied_of(QUESTION))
    assert judge(evidence, bodies={"/message.xml": other}).fault_code == "inconsistent_headers"
    assert judge(evidence, bodies={"/message.xml": b"<a/>"}).fault_code == "invalid_soap"
    assert judge(plain(), bodies={"/message.xml": MESSAGE + b" "}).fault_code == "inconsistent_headers"


def laid_out(evidence: EvidenceContainer, folder: Path) -> Exhibit:
    container = folder / "evidence.asice"
    container.write_bytes(write_evidence(evidence, at=pki.NOW))
    with zipfile.ZipFile(container) as archive:
        archive.extractall(folder / "evidence")
    files = {"signer": Signer().certificate, "authority": pki.root(), "tsa": issued(TSA, "Stamper")}
    for name, certificate in files.items():
        (folder / f"{name}.pem").write_bytes(certificate.pem)
    paths = {name: folder / f"{name}.pem" for name in files}
    return Exhibit(container=container, folder=folder / "evidence", body=None, **paths)


@pytest.mark.parametrize("attachments", [(), ATTACHMENTS], ids=["alone", "attachments"])
def test_others_find_soap_evidence_good(attachments: tuple[bytes, ...], tmp_path: Path) -> None:
    exhibit = laid_out(soap(QUESTION, attachments), tmp_path)
    judges.judge_hash_chains(exhibit)
    schemas = {
        "signatures.xml": "xades-schema.xsd",
        "hashchain.xml": "hashchain.xsd",
        "hashchainresult.xml": "hashchain.xsd",
    }
    for file in [exhibit.signatures, *exhibit.folder.glob("sig-*.xml")]:
        schema = etree.XMLSchema(etree.parse(shared(f"xroad/schemas/{schemas[file.name.removeprefix('sig-')]}")))
        root = etree.parse(file).getroot()
        schema.assertValid(next(root.iter("{http://uri.etsi.org/01903/v1.3.2#}QualifyingProperties"), root))
    try:
        judges.judge_signature(exhibit)
    except AbsentError as absent:
        pytest.skip(f"{absent} is not installed")


def test_an_altered_message_of_an_older_protocol_is_told_as_such() -> None:
    old = QUESTION.replace(b"<xrd:protocolVersion>4.0</xrd:protocolVersion>", b"")
    assert judge(soap(old)).is_valid
    report = judge(replace(soap(old), message=old.replace(b"VN-1", b"VN-2")))
    assert not report.is_valid
    assert "without its body" not in report.detail
    rest = judge(replace(plain(), message=MESSAGE.replace(b"citizens/1", b"citizens/2")))
    assert not rest.is_valid
