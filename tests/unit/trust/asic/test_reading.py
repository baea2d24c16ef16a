"""Containers that were made to hurt are refused before they can."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.trust.asic import Container, ContainerLimits, NotAContainerError, read_container, write_container
from lienthong.trust.errors import MalformedEvidenceError


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_entries_in_order_and_without_regard_to_case() -> None:
    container = read_container(packed(("B.xml", b"1"), ("META-INF/a", b"2"), ("dir/", b"")))
    assert list(container.entries) == ["B.xml", "META-INF/a"]
    assert container.get("b.XML") == b"1"
    assert container.get("c") is None
    assert list(container.matching("meta-inf/.*")) == [("META-INF/a", b"2")]


def test_stored_entries_are_read() -> None:
    assert read_container(packed(("a", b"x"), method=zipfile.ZIP_STORED)) == Container({"a": b"x"})


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06", b"not a zip", packed(("a", b"x"))[:-8]])
def test_no_zip(data: bytes) -> None:
    with pytest.raises(NotAContainerError):
        read_container(data)


@pytest.mark.parametrize("name", ["/etc/passwd", "../a", "a/../b", "a/./b", "a\\b", "c:d", "a\nb", "a" * 256, "a/.."])
def test_unsafe_names(name: str) -> None:
    with pytest.raises(MalformedEvidenceError, match="unsafe name"):
        read_container(packed((name, b"x")))


def test_one_name_twice() -> None:
    with pytest.raises(MalformedEvidenceError, match="two entries"):
        read_container(packed(("message.xml", b"x"), ("MESSAGE.XML", b"y")))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (ContainerLimits(entries=1), "more than 1"),
        (ContainerLimits(entry_bytes=9), "too large"),
        (ContainerLimits(total_bytes=15), "too large"),
    ],
)
def test_limits(limits: ContainerLimits, words: str) -> None:
    with pytest.raises(MalformedEvidenceError, match=words):
        read_container(packed(("a", b"0123456789"), ("b", b"0123456789")), limits)


def test_bomb() -> None:
    with pytest.raises(MalformedEvidenceError, match="too large"):
        read_container(packed(("a", b"\0" * 1_000_000)))


def test_small_text_may_compress_well() -> None:
    assert read_container(packed(("a", b"\0" * 60_000))).get("a") == b"\0" * 60_000


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods(method: int) -> None:
    with pytest.raises(MalformedEvidenceError, match="unknown method"):
        read_container(packed(("a", b"x" * 100), method=method))


def test_encrypted() -> None:
    data = bytearray(packed(("a", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(MalformedEvidenceError, match="encrypted"):
        read_container(bytes(data))


def test_damaged_contents() -> None:
    data = bytearray(packed(("a", b"abcdefgh"), method=zipfile.ZIP_STORED))
    data[data.index(b"abcdefgh")] ^= 1
    with pytest.raises(MalformedEvidenceError, match="unpacked"):
        read_container(bytes(data))


def test_size_that_lies() -> None:
    data = bytearray(packed(("a", b"abcdefgh" * 10)))
    at = data.index(b"PK\x01\x02") + 24
    data[at] = 4
    with pytest.raises(MalformedEvidenceError):
        read_container(bytes(data))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(write_container([("mimetype", b"x"), ("message.xml", b"<a/>" * 20), ("META-INF/s.xml", b"y")]))
    for _ in range(data.draw(st.integers(1, 5))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        container = read_container(bytes(raw))
    except MalformedEvidenceError:
        return
    assert len(container.entries) <= 3
