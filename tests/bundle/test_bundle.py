"""The archive of ``make bundle`` installs and works on a machine without a network."""

import sys
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.fakes.environments import fetch, has_namespaces, run
from tests.fakes.settings_files import COMPLETE
from tests.shared import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive as its receiver sees it."""
    folder = tmp_path_factory.mktemp("bundle")
    fetch(sys.executable, ROOT / "scripts" / "bundle.py", "--output", folder)
    (archive,) = folder.glob("*.tar.gz")
    run("tar", "-xzf", archive, "-C", folder)
    return folder / archive.name.removesuffix(".tar.gz")


def test_it_installs_and_works_with_the_network_cut(unpacked: Path, tmp_path: Path) -> None:
    print("the network is cut by", "a namespace (unshare -rn)" if has_namespaces() else "PIP_NO_INDEX and dead proxies")
    run("env", f"PYTHON={sys.executable}", "sh", unpacked / "install.sh", tmp_path / "lienthong", network=False)
    lienthong = tmp_path / "lienthong" / "bin" / "lienthong"
    assert "security apply" in run(lienthong, "--help", network=False)
    (tmp_path / "ss1.toml").write_text(COMPLETE, "utf-8")
    run(lienthong, "security", "apply", tmp_path / "ss1.toml", network=False)
    assert (tmp_path / "data" / "applied.toml").exists()
    start_register = "import django; django.setup()"
    python = tmp_path / "lienthong" / "bin" / "python"
    settings = "DJANGO_SETTINGS_MODULE=lienthong.systems.foundation.every_system"
    run("env", settings, python, "-c", start_register, network=False)


@pytest.mark.sockets
def test_a_cut_network_is_cut() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        probe = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{server.server_port}', timeout=5)"
        run(sys.executable, "-c", probe)
        assert "URLError" in run(sys.executable, "-c", probe, expect=1, network=False)
        server.shutdown()


def test_every_data_file_is_in_the_wheel(unpacked: Path) -> None:
    (wheel,) = (unpacked / "wheels").glob("lienthong-*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    source = ROOT / "src"
    files = {str(path.relative_to(source)) for path in (source / "lienthong").rglob("*") if path.is_file()}
    assert {name for name in files if "__pycache__" not in name} - packed == set()


def test_a_damaged_archive_is_not_installed(unpacked: Path, tmp_path: Path) -> None:
    notes = unpacked / "CHANGELOG.md"
    whole = notes.read_bytes()
    try:
        notes.write_bytes(whole + b" ")
        run("sh", unpacked / "install.sh", tmp_path / "lienthong", expect=1, network=False)
    finally:
        notes.write_bytes(whole)
    assert not (tmp_path / "lienthong").exists()


def test_it_names_no_download_address(unpacked: Path) -> None:
    assert "://" not in (unpacked / "requirements.txt").read_text("utf-8")
