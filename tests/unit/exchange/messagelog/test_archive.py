"""Archives say what they hold and what came before; X-Road's own are judged as X-Road judges them."""

import contextlib
import hashlib
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.shared import shared
from tests.unit.exchange.message.evidence.test_judgement import batched, plain

from lienthong.exchange.message.evidence import EvidenceContainer
from lienthong.exchange.messagelog.archive import (
    LINKING_INFO,
    ArchiveError,
    ChainEnd,
    archive_name,
    judge_archive,
    link,
    read_linking_info,
    require_stamped,
)
from lienthong.trust.algorithms import DigestAlgorithm

SHA512 = DigestAlgorithm.SHA512
CONTAINERS = [("a-request-1.asice", b"first"), ("a-response-2.asice", b"second")]
BEFORE = ChainEnd(digest="ab" * 64, archive="mlog-1.zip")


def test_the_chain_goes_over_the_archives() -> None:
    """Source: message-path dossier s.5.7."""
    first = link(ChainEnd(), CONTAINERS[:1], SHA512)
    second = link(ChainEnd(digest=first.digest, archive="x.zip"), CONTAINERS[1:], SHA512)
    assert second.digest == link(ChainEnd(), CONTAINERS, SHA512).digest
    own = hashlib.sha512(b"first").hexdigest()
    assert first.digest == hashlib.sha512(own.encode()).hexdigest()
    assert first.text() == f"- - SHA-512\n{first.digest} a-request-1.asice\n".encode()
    assert second.text().startswith(f"{first.digest} x.zip SHA-512\n".encode())


@pytest.mark.parametrize("previous", [ChainEnd(), BEFORE])
def test_what_is_written_is_read_and_found_true(previous: ChainEnd) -> None:
    info = link(previous, CONTAINERS, SHA512)
    assert read_linking_info(info.text()) == info
    assert judge_archive(info.text(), CONTAINERS) == info


@pytest.mark.parametrize(
    "containers",
    [
        [],
        CONTAINERS[:1],
        CONTAINERS[::-1],
        [*CONTAINERS, ("more.asice", b"x")],
        [CONTAINERS[0], ("a-response-2.asice", b"other")],
        [CONTAINERS[0], ("b-response-2.asice", b"second")],
    ],
)
def test_other_containers_are_refused(containers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(ArchiveError):
        judge_archive(link(BEFORE, CONTAINERS, SHA512).text(), containers)


@given(st.data())
def test_no_byte_of_the_linking_can_be_changed(data: st.DataObject) -> None:
    """But for the name of the archive before, which the digest before it stands for."""
    good = link(BEFORE, CONTAINERS, SHA512).text()
    start = good.index(BEFORE.archive.encode())
    places = [at for at in range(len(good)) if not start <= at < start + len(BEFORE.archive)]
    at = data.draw(st.sampled_from(places))
    changed = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    with contextlib.suppress(ArchiveError):
        assert judge_archive(changed, CONTAINERS).text() == good


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ArchiveError):
        read_linking_info(data)


def test_a_chain_of_weak_digests_proves_nothing() -> None:
    with pytest.raises(ArchiveError, match="SHA-1"):
        read_linking_info(link(ChainEnd(), CONTAINERS, DigestAlgorithm.SHA1).text())


@pytest.mark.parametrize(
    ("name", "is_sound"),
    [
        ("message-archive-0", True),
        ("mlog-WITH_LINKINGINFO", True),
        ("mlog-WITH_INVALID_LINKINGINFO", False),
        ("mlog-NO_LINKINGINFO", False),
        ("mlog-EXCESSIVE_FILES_IN_LINKINGINFO", False),
        ("mlog-NO_ASIC_CONTAINERS", False),
    ],
)
def test_archives_of_x_road(name: str, is_sound: bool) -> None:
    """Source: message-path dossier s.9.7."""
    with zipfile.ZipFile(shared(f"fixtures/xroad/archives/{name}.zip")) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    linking = entries.pop(LINKING_INFO, None)
    if is_sound:
        assert judge_archive(linking, entries.items()).previous == ChainEnd()
    else:
        with pytest.raises(ArchiveError):
            judge_archive(linking, entries.items())


def test_a_name_tells_the_times_and_the_chain() -> None:
    first, last = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (
        archive_name(first, last, "0123456789abcdef" * 8) == "mlog-20260102030405-20261231235959-0123456789abcdef.zip"
    )


@pytest.mark.parametrize("make", [plain, batched])
def test_a_timestamp_must_be_over_the_signature(make: object) -> None:
    assert callable(make)
    require_stamped(make())


@pytest.mark.parametrize(
    "evidence",
    [
        lambda: replace(batched(), timestamp_token=None, timestamp_result=None, timestamp_chain=None),
        lambda: replace(batched(), timestamp_token=b"T"),
        lambda: replace(batched(), timestamp_result=batched().hash_chain_result),
        lambda: replace(batched(), signature_xml=plain().signature_xml),
        lambda: replace(plain(), signature_xml=b"<s/>"),
    ],
)
def test_other_timestamps_are_refused(evidence: object) -> None:
    assert callable(evidence)
    made = evidence()
    assert isinstance(made, EvidenceContainer)
    with pytest.raises(ArchiveError):
        require_stamped(made)
