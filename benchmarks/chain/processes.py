"""What the processes of one server cost: processor time and memory, from the kernel's own books (proc(5))."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """The process *root* and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += children.get(pid, [])
    return found


def processor_seconds(root: int) -> float:
    """User and system time that the family has used so far."""
    total = 0
    for pid in family(root):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def pss_mb(root: int) -> float:
    """Proportional set size of the family, in megabytes: shared pages are counted once."""
    total = 0
    for pid in family(root):
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total * 1024 / 1e6


class MemoryWatch:
    """Looks at the memory of several families once a second and keeps the largest sum of any one."""

    def __init__(self, roots: list[int]) -> None:
        self.roots = roots
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
            self.largest_mb = max(self.largest_mb, *(pss_mb(root) for root in self.roots))
            if self._done.wait(1.0):
                return
