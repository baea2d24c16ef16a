"""A small file system that really is full."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A tmpfs of *size* on *folder*; skips by name where only root may mount, and this is not root."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("a full disk needs the right to mount a tmpfs (root)")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Take every byte that is left, and give it back."""
    ballast = folder / "ballast"
    descriptor = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    try:
        for step in (1 << 20, 1 << 12):
            _fill(descriptor, step)
        yield
    finally:
        os.close(descriptor)
        ballast.unlink()


def _fill(descriptor: int, step: int) -> None:
    while True:
        try:
            if os.write(descriptor, bytes(step)) < step:
                return
        except OSError:
            return
