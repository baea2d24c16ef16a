"""Files of a journal on a disk that can fail."""

import errno
import os
from pathlib import Path

from lienthong.exchange.adapters.journal_files import DiskFiles


class FailingFiles(DiskFiles):
    """The real files until told to fail."""

    def __init__(self) -> None:
        self.fail_datasync = False
        self.fail_create = False
        self.short_write = False
        self.syncs = 0

    def create(self, path: Path, size: int, *, zeroed: bool) -> int:
        if self.fail_create:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().create(path, size, zeroed=zeroed)

    def write(self, descriptor: int, data: bytes | memoryview, offset: int) -> None:
        if self.short_write:
            super().write(descriptor, memoryview(data)[: len(data) // 2], offset)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(descriptor, data, offset)

    def datasync(self, descriptor: int) -> None:
        self.syncs += 1
        if self.fail_datasync:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        super().datasync(descriptor)
