"""What a server reads of its own: refusals are configuration errors, which leave a running server as it was."""

from pathlib import Path

import pytest
from tests.fakes import instance_seen as seen
from tests.fakes.server_folder import PASSWORD, write_folder

from lienthong.exchange.errors import ConfigurationError
from lienthong.exchange.security.material import read_settings, tls_identity
from lienthong.exchange.security.paths import DataPaths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "ss1", seen.globalconf(), port=5500, ocsp_port=5577)
    return tmp_path / "ss1"


def test_a_key_for_tls_opens_with_its_password(folder: Path) -> None:
    settings = read_settings(DataPaths(folder))
    assert tls_identity(settings, settings.keys.authentication, ()).password == PASSWORD


@pytest.mark.parametrize("content", [b"another\n", None])
def test_a_wrong_or_missing_password_is_a_configuration_error(folder: Path, content: bytes | None) -> None:
    settings = read_settings(DataPaths(folder))
    (folder / "password").unlink()
    if content is not None:
        (folder / "password").write_bytes(content)
    with pytest.raises(ConfigurationError):
        tls_identity(settings, settings.keys.authentication, ())
