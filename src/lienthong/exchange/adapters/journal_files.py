"""The few file operations the journal needs, in one port so that failing disks can be tried out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from lienthong.exchange.adapters.durable_files import sync_folder
from lienthong.exchange.errors import ExchangeError

_ZEROS = bytes(1024 * 1024)


class JournalError(ExchangeError):
    """The journal cannot take, or cannot give back, a record."""


class FilePort(Protocol):
    """Every call may raise OSError."""

    def create(self, path: Path, size: int, *, zeroed: bool) -> int:
        """Make a new file of *size* bytes that read as zeros, synced; returns its descriptor."""
        ...

    def write(self, descriptor: int, data: bytes | memoryview, offset: int) -> None:
        """Write all of *data* at *offset*."""
        ...

    def datasync(self, descriptor: int) -> None:
        """Bring written data to stable storage."""
        ...

    def publish(self, temporary: Path, final: Path) -> None:
        """Rename within a folder, durably."""
        ...

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut the file, durably."""
        ...


class DiskFiles:
    """The operating system's files."""

    def create(self, path: Path, size: int, *, zeroed: bool) -> int:
        """Make a file; *zeroed* writes the zeros now, so that later syncs change no file system metadata."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
            if zeroed:
                for offset in range(0, size, len(_ZEROS)):
                    self.write(descriptor, memoryview(_ZEROS)[: size - offset], offset)
                    os.fdatasync(descriptor)  # a piece at a time: the syncs of messages must not queue behind it all
            os.fsync(descriptor)
        except BaseException:
            os.close(descriptor)
            path.unlink(missing_ok=True)
            raise
        return descriptor

    def write(self, descriptor: int, data: bytes | memoryview, offset: int) -> None:
        """Write all, whatever the kernel takes at a time."""
        view = memoryview(data)
        while view:
            written = os.pwrite(descriptor, view, offset)
            view = view[written:]
            offset += written

    def datasync(self, descriptor: int) -> None:
        """fdatasync."""
        os.fdatasync(descriptor)

    def publish(self, temporary: Path, final: Path) -> None:
        """Rename, then sync the folder."""
        temporary.rename(final)
        sync_folder(final.parent)

    def truncate(self, descriptor: int, size: int) -> None:
        """Truncate, then fsync (the size is metadata)."""
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
