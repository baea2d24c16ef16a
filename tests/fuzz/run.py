"""Fuzz with atheris: ``python -m tests.fuzz.run SECONDS [TARGET]``, every target in turn unless one is named.

What a run learns stays in ``build/fuzz/corpus``, so that the next one goes on from there; a finding is written to
``build/fuzz`` and ends its target with another status than 0.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import atheris
from tests.fuzz.table import BY_NAME, TARGETS, Target

_MEGABYTES_MAX = 1024
_SECONDS_PER_INPUT = 10
_FOLDER = Path("build/fuzz")


def main(seconds: str, name: str = "") -> None:
    """Fuzz one target here, or each in a process of its own."""
    if name:
        _fuzz(BY_NAME[name], seconds)
        return
    failed = [target.name for target in TARGETS if _run(target, seconds) != 0]
    sys.exit(f"findings in {', '.join(failed)}; see {_FOLDER}" if failed else 0)


def _run(target: Target, seconds: str) -> int:
    print(f"-- {target.name}", flush=True)
    return subprocess.run([sys.executable, "-m", "tests.fuzz.run", seconds, target.name], check=False).returncode


def _fuzz(target: Target, seconds: str) -> None:
    with atheris.instrument_imports(include=["lienthong", "asn1crypto", "tomllib", "zipfile"]):
        read, refuses = target.load()

    def try_one(data: bytes) -> None:
        with contextlib.suppress(*refuses):
            read(data)

    learned = _FOLDER / "corpus" / target.name
    learned.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(target.seeds()):
        (learned / f"seed-{number:04d}").write_bytes(path.read_bytes())
    options = (
        f"-max_total_time={seconds}",
        f"-timeout={_SECONDS_PER_INPUT}",
        f"-rss_limit_mb={_MEGABYTES_MAX}",
        f"-max_len={target.bytes_max}",
        f"-artifact_prefix={_FOLDER}/{target.name}-",
        "-print_final_stats=1",
        "-verbosity=0",
    )
    atheris.Setup([sys.argv[0], *options, str(learned)], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
