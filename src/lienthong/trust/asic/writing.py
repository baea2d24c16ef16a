"""Writing a container whose bytes depend on its contents and nothing else."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable

_LEVEL = 6
_MOST_RATIO = 100
"""What packs better lies unpacked in its entry: readers take it for a trap (ours above 200)."""
_FREE_BYTES = 64 * 1024
"""Below this no reader minds."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_container(
    entries: Iterable[tuple[str, bytes]],
    *,
    comment: bytes = b"",
    modified: tuple[int, int, int, int, int, int] = _EPOCH,
) -> bytes:
    """Pack *entries* (name, contents) in their order, all deflated, though not always to less.

    Args:
        comment: Comment of the archive.
        modified: Time of every entry: year, month, day, hour, minute, second.
    Raises:
        ValueError: two entries by one name.
    """
    buffer = io.BytesIO()
    seen: set[str] = set()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, data in entries:
            if name.lower() in seen:
                raise ValueError(f"two entries named {name!r}")
            seen.add(name.lower())
            archive.writestr(_info(name, modified), data, zipfile.ZIP_DEFLATED, _level(data))
    return buffer.getvalue()


def _level(data: bytes) -> int:
    if len(data) <= _FREE_BYTES or len(data) < _MOST_RATIO * len(zlib.compress(data, _LEVEL)):
        return _LEVEL
    return zlib.Z_NO_COMPRESSION


def _info(name: str, modified: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, modified)
    info.create_system = 0
    info.external_attr = 0
    return info
