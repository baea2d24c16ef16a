"""The same contents give the same bytes."""

import io
import zipfile

import pytest

from lienthong.trust.asic import read_container, write_container

ENTRIES = [("mimetype", b"x"), ("message.xml", "Xin chào".encode()), ("META-INF/manifest.xml", b"")]


def test_deterministic_and_read_back() -> None:
    first = write_container(ENTRIES, comment=b"c")
    assert first == write_container(ENTRIES, comment=b"c")
    assert list(read_container(first).entries.items()) == ENTRIES


def test_entries_are_deflated_and_dated() -> None:
    archive = zipfile.ZipFile(io.BytesIO(write_container(ENTRIES, comment=b"c", modified=(2026, 11, 25, 3, 0, 2))))
    assert archive.comment == b"c"
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_DEFLATED}
    assert {info.date_time for info in archive.infolist()} == {(2026, 11, 25, 3, 0, 2)}


def test_one_name_twice() -> None:
    with pytest.raises(ValueError, match="two entries"):
        write_container([("a", b""), ("A", b"")])


@pytest.mark.parametrize("content", [bytes(2_000_000), b'{"ma":"000000"}' * 100_000, b"x" * 65_536, b"x" * 65_537])
def test_what_packs_too_well_is_read_back_too(content: bytes) -> None:
    """A blank form of some megabytes is evidence, not a trap."""
    assert read_container(write_container([("attachment1", content)])).get("attachment1") == content
