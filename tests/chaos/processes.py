"""What the kernel says of processes: who belongs to whom, what they hold, how much memory they take."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
WAIT_S = 30.0


def await_fact(fact: Callable[[], T], *, what: str, within_s: float = WAIT_S) -> T:
    """The first true answer of *fact*; fails with *what* was waited for."""
    deadline = time.monotonic() + within_s
    while not (found := fact()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s:.0f} s: {what}")
        time.sleep(0.02)
    return found


def is_alive(pid: int) -> bool:
    """Whether it exists and is no zombie."""
    try:
        return state_of(pid) not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def state_of(pid: int) -> str:
    """One letter, as ``ps`` shows it."""
    return Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split()[0]


def name_of(pid: int) -> str:
    """Its short name; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def living_in(folder: Path) -> set[int]:
    """Every process that was started in *folder* or below."""
    return {int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _is_below(p / "cwd", folder)}


def _is_below(link: Path, folder: Path) -> bool:
    try:
        return Path(os.readlink(link)).is_relative_to(folder)
    except OSError:
        return False


def processor_s(pids: list[int]) -> float:
    """Processor time that several processes have taken together, in seconds."""
    fields = [Path(f"/proc/{pid}/stat").read_text("latin-1").rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def pss_mb(pids: list[int]) -> float:
    """Memory of several processes together, what they share counted once."""
    return sum(_pss_kb(pid) for pid in pids) / 1024


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def deleted_files_of(pid: int) -> list[Path]:
    """Files without a name that the process still holds, as ways to open them."""
    held = []
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            if os.readlink(link).endswith(" (deleted)") and "/spool/" in os.readlink(link):
                held.append(link)
    except OSError:
        pass
    return held
