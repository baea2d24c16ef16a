"""What the processes of one server cost: processor time and memory, from the kernel's own books (proc(5))."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

Servers = Callable[[], list[list[int]]]
_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time that these processes have used so far."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def pss_mb(pids: Iterable[int]) -> float:
    """Proportional set size of these processes together, in megabytes: shared pages are counted once."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total * 1024 / 1e6


class MemoryWatch:
    """Looks at the memory of several servers once a second and keeps the largest sum of any one."""

    def __init__(self, servers: Servers) -> None:
        """*servers* names the processes of each server, afresh each time."""
        self._servers = servers
        self.largest_mb = 0.0
        self._done = threading.Event()

    @contextlib.contextmanager
    def watching(self) -> Iterator[MemoryWatch]:
        """Watch while the block runs."""
        watcher = threading.Thread(target=self._watch)
        watcher.start()
        try:
            yield self
        finally:
            self._done.set()
            watcher.join()

    def _watch(self) -> None:
        while True:
            self.largest_mb = max(self.largest_mb, *(pss_mb(pids) for pids in self._servers()))
            if self._done.wait(1.0):
                return
