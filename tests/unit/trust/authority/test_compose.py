from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.pki import PASSWORD

from lienthong.trust.algorithms import KeyType
from lienthong.trust.authority.compose import make_authority, read_config
from lienthong.trust.errors import AuthorityError

WHOLE = """
[authority]
folder = "state"
password_file = "password"
organization = "Cơ quan chứng thực"
common_name = "CA"
"""


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "authority.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_are_safe(tmp_path: Path) -> None:
    config = read_config(_written(tmp_path, WHOLE))
    assert (config.host, config.port, config.ra_token_file) == ("127.0.0.1", 8888, None)
    assert config.folder == tmp_path / "state"
    assert config.settings.key_type is KeyType.EC


def test_every_key_is_read(tmp_path: Path) -> None:
    more = """
ra_token_file = "ra"
host = "127.0.9.1"
port = 1
public_url = "http://x"
key_type = "RSA"
rsa_bits = 2048
sign_subject = ["2.5.4.5"]
ocsp_by_name = true
ocsp_refresh_seconds = 60
policy_oid = "1.2.3"
country = "FI"
"""
    config = read_config(_written(tmp_path, WHOLE + more))
    assert config.settings.ocsp_refresh == timedelta(minutes=1)
    assert config.settings.sign_subject == ("2.5.4.5",)
    assert (config.settings.key_type, config.settings.ocsp_by_name) == (KeyType.RSA, True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (WHOLE + "colour = 1", "unknown keys"),
        (WHOLE + 'key_type = "DSA"', "DSA"),
        ('[authority]\nfolder = "x"', "password_file"),
        ("", "authority"),
        ("[", "authority.toml"),
    ],
)
def test_a_wrong_file_is_refused_with_its_reason(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(AuthorityError, match=word):
        read_config(_written(tmp_path, text))


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuthorityError, match="cannot be read"):
        read_config(tmp_path / "absent.toml")


def test_the_first_start_founds_and_the_second_opens(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(PASSWORD)
    config = read_config(_written(tmp_path, WHOLE))
    first = make_authority(config)
    first.close()
    second = make_authority(config)
    second.close()
    assert first.root == second.root
