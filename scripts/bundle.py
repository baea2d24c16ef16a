"""``make bundle``: one archive that installs the platform with the network cut.

It holds the wheels of every run requirement for this platform, our own wheel, an install script, checksums and the
manuals. The same sources and pins give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
import venv
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = 1_577_836_800
"""2020-01-01, the earliest time that zip archives and every tool agree on: archives must not depend on the clock."""


def main() -> int:
    """Write the archive and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", metavar="DIR", help="where the archive goes")
    output = parser.parse_args().output
    with tempfile.TemporaryDirectory() as folder:
        content = Path(folder) / name_of_bundle()
        collect(content, tools=Path(folder) / "tools")
        archive = pack(content, output)
    print(f"{archive}\nsha256 {sha256(archive)}")
    return 0


def name_of_bundle() -> str:
    """Name, version, Python and platform, as wheels name them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"{project['name']}-{project['version']}-cp{sys.version_info.major}{sys.version_info.minor}-{platform}"


def collect(content: Path, *, tools: Path) -> None:
    """Put everything that the archive holds into a folder; *tools* becomes the environment that builds it."""
    wheels, pins = content / "wheels", ROOT / "requirements" / "run.txt"
    wheels.mkdir(parents=True)
    venv.create(tools, with_pip=True)
    pip = partial(run_pip, tools / "bin" / "python")
    pip("download", "--require-hashes", "--only-binary", ":all:", "--dest", wheels, "-r", pins)
    pip("install", "--upgrade", "--no-index", "--find-links", wheels, "setuptools")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, copy_of_sources(tools / "sources"))
    shutil.copy(pins, content / "requirements.txt")
    for page in (*sorted(ROOT.glob("*.md")), ROOT / "LICENSE", *sorted((ROOT / "scripts" / "bundle").iterdir())):
        shutil.copy(page, content)
    shutil.copytree(ROOT / "docs", content / "docs")
    sums = [f"{sha256(path)}  {path.relative_to(content)}\n" for path in every(content)]
    (content / "SHA256SUMS").write_text("".join(sums), "utf-8")


def copy_of_sources(folder: Path) -> Path:
    """A copy of what our wheel is built from: building leaves traces, and the checkout stays as it is."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    return folder


def run_pip(python: Path, command: str, *arguments: str | Path) -> None:
    """Run pip; SOURCE_DATE_EPOCH keeps wheels free of the clock."""
    words = [python, "-m", "pip", "--disable-pip-version-check", command, "--quiet", *arguments]
    subprocess.run(words, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(EPOCH)})


def sha256(path: Path) -> str:
    """A file's SHA-256, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def every(folder: Path) -> list[Path]:
    """Every file below a folder, in one order everywhere."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def pack(content: Path, output: Path) -> Path:
    """Pack a folder; order, owners and times say nothing about the machine."""
    output.mkdir(parents=True, exist_ok=True)
    archive = output / f"{content.name}.tar.gz"
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path in every(content):
            entry = tarfile.TarInfo(f"{content.name}/{path.relative_to(content)}")
            entry.size, entry.mtime = path.stat().st_size, EPOCH
            entry.mode = 0o755 if path.suffix == ".sh" else 0o644
            with path.open("rb") as data:
                tar.addfile(entry, data)
    with archive.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=EPOCH) as packed:
        packed.write(plain.getvalue())
    return archive


if __name__ == "__main__":
    raise SystemExit(main())
