"""File operations do what the journal builds on."""

import os
from pathlib import Path

import pytest

from lienthong.exchange.adapters.journal_files import DiskFiles


@pytest.mark.parametrize("zeroed", [True, False])
def test_a_new_file_is_zeros_that_can_be_written_renamed_and_cut(tmp_path: Path, zeroed: bool) -> None:
    files = DiskFiles()
    size = 3 * 1024 * 1024 + 5
    descriptor = files.create(tmp_path / "a", size, zeroed=zeroed)
    assert (tmp_path / "a").read_bytes() == bytes(size)
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0, "messages are nobody else's business"
    files.write(descriptor, b"xyz", 7)
    files.datasync(descriptor)
    files.publish(tmp_path / "a", tmp_path / "b")
    files.truncate(descriptor, 10)
    os.close(descriptor)
    assert (tmp_path / "b").read_bytes() == bytes(7) + b"xyz"


def test_a_file_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"File too large|No space|Invalid argument"):
        DiskFiles().create(tmp_path / "a", 1 << 62, zeroed=False)
    assert list(tmp_path.iterdir()) == []
