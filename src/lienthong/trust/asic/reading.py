"""Reading a container that may have been made to hurt: bounded in entries, size, ratio and names.

Source: APPNOTE.TXT 6.3 (zip); ETSI TS 102 918 v1.2.1 s.6.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lienthong.trust.errors import MalformedEvidenceError

_MEGABYTE = 1024 * 1024
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1
_NAME = re.compile(r"(?!/)(?!.*(?:^|/)\.{1,2}(?:/|$))[^\\\x00-\x1f\x7f:]{1,255}")
_FREE_BYTES = 64 * 1024
"""Below this an entry may have any ratio: small texts compress well."""


class NotAContainerError(MalformedEvidenceError):
    """Bytes that are no zip file at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLimits:
    """What a container may cost its reader."""

    entries: int = 1000
    """Number of entries."""
    entry_bytes: int = 256 * _MEGABYTE
    """Size of one entry, unpacked."""
    total_bytes: int = 512 * _MEGABYTE
    """Size of all entries, unpacked."""
    ratio: int = 200
    """Unpacked to packed, for entries of more than 64 KiB."""


@dataclass(frozen=True, slots=True)
class Container:
    """The entries of a container, in their order."""

    entries: Mapping[str, bytes]
    """Name as written → contents."""

    def get(self, name: str) -> bytes | None:
        """Contents of an entry, its name compared without regard to case; None where absent."""
        wanted = name.lower()
        return next((data for found, data in self.entries.items() if found.lower() == wanted), None)

    def matching(self, pattern: str) -> Iterator[tuple[str, bytes]]:
        """Entries whose whole name matches a regular expression, without regard to case."""
        compiled = re.compile(pattern, re.IGNORECASE)
        return ((name, data) for name, data in self.entries.items() if compiled.fullmatch(name))


def read_container(data: bytes, limits: ContainerLimits = ContainerLimits()) -> Container:
    """Unpack a container.

    Raises:
        NotAContainerError: not a zip file.
        MalformedEvidenceError: damaged, encrypted, too large, or two entries by one name.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
        raise NotAContainerError("file is not a zip file") from exc
    with archive:
        infos = archive.infolist()
        _require_plausible(infos, limits)
        return Container({info.filename: _read_entry(archive, info) for info in infos if not info.is_dir()})


def _require_plausible(infos: list[zipfile.ZipInfo], limits: ContainerLimits) -> None:
    if len(infos) > limits.entries:
        raise MalformedEvidenceError(f"container has {len(infos)} entries, more than {limits.entries}")
    if sum(info.file_size for info in infos) > limits.total_bytes:
        raise MalformedEvidenceError("container is too large when unpacked")
    names = [info.filename.lower() for info in infos]
    if len(set(names)) != len(names):
        raise MalformedEvidenceError("container has two entries by one name")
    for info in infos:
        _require_entry(info, limits)


def _require_entry(info: zipfile.ZipInfo, limits: ContainerLimits) -> None:
    if not _NAME.fullmatch(info.filename) or info.orig_filename != info.filename:
        raise MalformedEvidenceError(f"container has an entry with the unsafe name {info.orig_filename!r}")
    if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
        raise MalformedEvidenceError(f"{info.filename} is encrypted or packed by an unknown method")
    packed = max(info.compress_size, 1)
    if info.file_size > limits.entry_bytes or (info.file_size > _FREE_BYTES and info.file_size / packed > limits.ratio):
        raise MalformedEvidenceError(f"{info.filename} is too large when unpacked")


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as entry:
            data = entry.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError) as exc:
        raise MalformedEvidenceError(f"{info.filename} cannot be unpacked") from exc
    if len(data) != info.file_size:
        raise MalformedEvidenceError(f"{info.filename} has another size than the container says")
    return data
