"""Writing a container whose bytes depend on its contents and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

_LEVEL = 6
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_container(
    entries: Iterable[tuple[str, bytes]],
    *,
    comment: bytes = b"",
    modified: tuple[int, int, int, int, int, int] = _EPOCH,
) -> bytes:
    """Pack *entries* (name, contents) in their order, all deflated.

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
            archive.writestr(_info(name, modified), data, zipfile.ZIP_DEFLATED, _LEVEL)
    return buffer.getvalue()


def _info(name: str, modified: tuple[int, int, int, int, int, int]) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, modified)
    info.create_system = 0
    info.external_attr = 0
    return info
