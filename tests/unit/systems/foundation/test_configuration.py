from datetime import date
from pathlib import Path

import pytest

from lienthong.systems.foundation.configuration import parse_config, read_config
from lienthong.systems.foundation.errors import ConfigurationError


def test_a_file_with_only_a_data_folder_is_enough(tmp_path: Path) -> None:
    (tmp_path / "system.toml").write_text('data_folder = "data"\n')
    config = read_config(tmp_path / "system.toml", system="population")
    assert config.data_folder == tmp_path / "data"
    assert (config.host, config.database.engine, config.tls, config.as_of) == ("127.0.0.1", "sqlite", None, None)


def test_a_full_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "system.toml").write_text(
        'data_folder = "data"\nas_of = 2020-08-31\nport = 8601\nallowed_hosts = ["dancu.example"]\n'
        '[database]\nengine = "postgresql"\nname = "population"\n'
        '[tls]\ncertificate = "a"\nkey = "b"\n[population]\npeople = 10\n'
    )
    config = read_config(tmp_path / "system.toml", system="population")
    assert config.as_of == date(2020, 8, 31)
    assert config.allowed_hosts == ("dancu.example",)
    assert config.base_url == "https://127.0.0.1:8601"
    assert config.own == {"people": 10}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({}, "data_folder is missing"),
        ({"data_folder": "d", "prot": 1}, "prot is unknown"),
        ({"data_folder": "d", "port": "8601"}, "port must be of type int"),
        ({"data_folder": "d", "as_of": "2020-08-31"}, "as_of is no date"),
        ({"data_folder": "d", "database": {"engine": "oracle"}}, "sqlite or postgresql"),
        ({"data_folder": "d", "database": {"engine": "postgresql"}}, "database.name is missing"),
        ({"data_folder": "d", "database": {"password": "x"}}, "database.password is unknown"),
        ({"data_folder": "d", "tls": {"key": "k"}}, "tls lacks a key"),
        ({"data_folder": "d", "portal": {}}, "portal is unknown"),
        ({"data_folder": "d", "callers": ["10.1.2.3/8"]}, "which is no network"),
        ({"data_folder": "d", "callers": ["ss1.example"]}, "which is no network"),
        ({"data_folder": "d", "callers": "10.1.2.3"}, "callers must be a list of texts"),
        ({"data_folder": "d", "allowed_hosts": "dancu.example"}, "allowed_hosts must be a list of texts"),
    ],
)
def test_a_wrong_key_is_named_with_its_place(table: dict[str, object], says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        parse_config(table, folder=tmp_path, system="population")
    assert says in str(refused.value)


def test_a_file_that_is_absent_or_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_config(tmp_path / "none.toml", system="population")
    (tmp_path / "bad.toml").write_text("=")
    with pytest.raises(ConfigurationError, match="is not TOML"):
        read_config(tmp_path / "bad.toml", system="population")


@pytest.mark.parametrize(
    ("callers", "address", "expected"),
    [
        (None, "127.0.0.1", True),
        (None, "127.82.1.1", True),
        (None, "::1", True),
        (None, "::ffff:127.0.0.1", True),
        (None, "10.1.2.3", False),
        (None, "", False),
        (None, "localhost", False),
        (["10.1.2.3", "fd00::/8"], "10.1.2.3", True),
        (["10.1.2.3", "fd00::/8"], "::ffff:10.1.2.3", True),
        (["10.1.2.3", "fd00::/8"], "fd00::1", True),
        (["10.1.2.3", "fd00::/8"], "10.1.2.4", False),
        (["10.1.2.3", "fd00::/8"], "127.0.0.1", False),
        ([], "127.0.0.1", False),
    ],
)
def test_only_named_addresses_may_call(
    callers: list[str] | None, address: str, *, expected: bool, tmp_path: Path
) -> None:
    table = {"data_folder": "d"} if callers is None else {"data_folder": "d", "callers": callers}
    config = parse_config(table, folder=tmp_path, system="population")
    assert config.takes_calls_from(address) is expected
