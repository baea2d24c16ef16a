"""Archives as files: written whole, read back, looked into. Source: message-path dossier s.5.7."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from lienthong.exchange.adapters.durable_files import sync_folder
from lienthong.exchange.adapters.journal_files import JournalError
from lienthong.exchange.message.evidence import container_name
from lienthong.exchange.messagelog.archive import (
    CONTAINER_SUFFIX,
    LINKING_INFO,
    ArchiveError,
    ChainEnd,
    LinkingInfo,
    chain_on,
    judge_archive,
)
from lienthong.exchange.messagelog.container import ExportedContainer, export_container
from lienthong.exchange.messagelog.entries import LogEntry, MessageIndex
from lienthong.trust.algorithms import DigestAlgorithm

ARCHIVE_FOLDER = "archive"
"""Name, in the data folder, of the folder that archives are written to."""
_ALGORITHM = DigestAlgorithm.SHA512
_LINKING_INFO_MAX = 256 * 1024 * 1024


def write_archive(
    path: Path, containers: Iterable[tuple[datetime, ExportedContainer]], previous: ChainEnd
) -> LinkingInfo:
    """Write an archive, one container in memory at a time, and wait until it is on stable storage; raises OSError."""
    digest, chained, moment = previous.digest, [], datetime.fromtimestamp(0, UTC)
    with open(path, "wb", opener=_private) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for moment, container in containers:
                archive.writestr(_entry(container.name, moment), container.data)
                digest = chain_on(digest, container.data, _ALGORITHM)
                chained.append((digest, container.name))
            info = LinkingInfo(previous=previous, algorithm=_ALGORITHM, chained=tuple(chained))
            archive.writestr(_entry(LINKING_INFO, moment), info.text())
        stream.flush()
        os.fsync(stream.fileno())
    return info


def check_archive(path: Path) -> LinkingInfo:
    """Read every byte of an archive; what it says of itself, where that is true. Raises ArchiveError."""
    with _opened(path) as archive:
        names = archive.namelist()
        info = None
        if LINKING_INFO in names:
            if archive.getinfo(LINKING_INFO).file_size > _LINKING_INFO_MAX:
                raise ArchiveError(f"{LINKING_INFO} is too large")
            info = archive.read(LINKING_INFO)
        return judge_archive(info, ((name, archive.read(name)) for name in names if name != LINKING_INFO))


def containers_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """The containers of an archive, by name and content; raises ArchiveError."""
    with _opened(path) as archive:
        for name in archive.namelist():
            if name.endswith(CONTAINER_SUFFIX):
                yield name, archive.read(name)


def find_container(folder: Path, name: str) -> bytes | None:
    """A container by its name, from whichever readable archive in the folder holds it."""
    for path in archives_in(folder):
        with suppress(ArchiveError), _opened(path) as archive:
            if name in archive.NameToInfo:
                return archive.read(name)
    return None


def export_entry(index: MessageIndex, entry: LogEntry, *, archives: Path) -> ExportedContainer:
    """A record's container, made of what the log holds or as it lies in an archive; raises JournalError."""
    try:
        timestamp = index.timestamp_of(entry.number)
        return export_container(index.read(entry), number=entry.number, timestamp=timestamp)
    except JournalError:
        name = container_name(message_id=entry.message_id, is_response=entry.is_response, record_id=entry.number)
        data = find_container(archives, name)
        if data is None:
            raise
        return ExportedContainer(name=name, data=data)


def archives_in(folder: Path) -> list[Path]:
    """The archives in a folder, oldest records first."""
    return sorted(folder.glob("mlog-*.zip")) if folder.is_dir() else []


def publish(temporary: Path, final: Path) -> None:
    """Give a finished file its name, durably; raises OSError."""
    temporary.replace(final)
    sync_folder(final.parent)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as exc:
        raise ArchiveError(f"{path.name} cannot be read ({type(exc).__name__})") from exc


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    """An entry whose time is its record's: the same records give the same bytes."""
    entry = zipfile.ZipInfo(name, moment.astimezone(UTC).timetuple()[:6])
    entry.external_attr = 0o600 << 16
    return entry


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
