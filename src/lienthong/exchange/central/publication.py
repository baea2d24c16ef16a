"""Puts generated configurations where clients fetch them: parts first, documents by rename. Source: s.1.5."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lienthong.exchange.adapters.durable_files import sync_folder, write_synced, write_whole
from lienthong.exchange.central.confgen import GeneratedVersion

_STAMP = re.compile(r"[0-9]{23}")
_STATUS = ".global_conf_gen_status"
KEPT = timedelta(seconds=600)
"""How long parts stay after newer ones: a client may hold an older directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationStatus:
    """How the last attempt went."""

    at: datetime | None = None
    """Aware UTC; None before the first."""
    success: bool = False
    """Whether it was published."""
    message: str = ""
    """Why not."""
    expires: datetime | None = None
    """Until when what was published may be used; None where it was not."""


class PublicFolder:
    """``V<N>/internalconf``, ``V<N>/externalconf`` and ``V<N>/<stamp>/`` with the parts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def publish(self, versions: Sequence[GeneratedVersion], *, now: datetime) -> None:
        """Put all versions in place; when one cannot be, the earlier documents of all stay or return.

        Raises:
            OSError: the disk refuses.
        """
        previous: dict[Path, bytes | None] = {}
        made: list[Path] = []
        try:
            for version in versions:
                made.append(self._write_parts(version))
            documents = {path: data for version in versions for path, data in self._documents(version).items()}
            for path, data in documents.items():
                write_synced(_temporary(path), data)
            for path in documents:
                previous[path] = path.read_bytes() if path.exists() else None
                _temporary(path).replace(path)
            for version in versions:
                sync_folder(self._folder / f"V{version.version}")
        except BaseException:
            _roll_back(previous, made)
            raise
        self._remove_old(now)

    def document(self, version: int, name: str) -> bytes | None:
        """A published directory document, or None."""
        return _read(self._folder / f"V{version}" / name)

    def part(self, version: int, stamp: str, name: str) -> bytes | None:
        """A published part, or None."""
        return _read(self._folder / f"V{version}" / stamp / name)

    def write_status(self, status: PublicationStatus) -> None:
        """Leave a note on how the last attempt went."""
        self._folder.mkdir(parents=True, exist_ok=True)
        written = {
            "time": None if status.at is None else status.at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "success": status.success,
            "message": status.message,
            "expires": None if status.expires is None else status.expires.astimezone(UTC).isoformat(),
        }
        path = self._folder / _STATUS
        write_whole(path, json.dumps(written, ensure_ascii=False).encode())

    def status(self) -> PublicationStatus:
        """How the last attempt went, also before a restart."""
        try:
            written = json.loads((self._folder / _STATUS).read_bytes())
            expires = written.get("expires")
            return PublicationStatus(
                at=datetime.fromisoformat(written["time"]),
                success=bool(written["success"]),
                message=str(written.get("message", "")),
                expires=None if expires is None else datetime.fromisoformat(expires),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return PublicationStatus()

    def _write_parts(self, version: GeneratedVersion) -> Path:
        folder = self._folder / f"V{version.version}" / version.stamp
        folder.mkdir(parents=True)
        for name, data in version.files.items():
            write_synced(folder / name, data)
        sync_folder(folder)
        return folder

    def _documents(self, version: GeneratedVersion) -> dict[Path, bytes]:
        folder = self._folder / f"V{version.version}"
        return {folder / name: data for name, data in version.documents.items()}

    def _remove_old(self, now: datetime) -> None:
        oldest = f"{(now - KEPT).astimezone(UTC):%Y%m%d%H%M%S%f}000"
        for folder in self._folder.glob("V*/*"):
            if _STAMP.fullmatch(folder.name) and folder.name < oldest:
                shutil.rmtree(folder, ignore_errors=True)


def _roll_back(previous: dict[Path, bytes | None], made: Sequence[Path]) -> None:
    for path, data in previous.items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_whole(path, data)
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)


def _temporary(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}.tmp")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
