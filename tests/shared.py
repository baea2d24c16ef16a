"""Finds the shared fixtures beside the checkout, or skips by name where they are absent."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


def shared(name: str) -> Path:
    """Return the path of a shared fixture; skip the test, naming it, where the folder is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"shared fixture {name} is not beside this checkout")
    return path
