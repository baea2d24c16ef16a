"""Charter 45: every setting of every server is explained in a manual, and the examples work."""

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.shared import ROOT

from lienthong.exchange.central.declaration import parse_declaration
from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.reading import parse_settings
from lienthong.systems.foundation.configuration import DatabaseConfig, SystemConfig, TlsConfig
from lienthong.trust.authority.compose import read_config
from lienthong.trust.errors import AuthorityError

MANUAL = ROOT / "docs" / "manual"
PAGE = (MANUAL / "security-server-settings.md").read_text(encoding="utf-8")
DECLARATION = (MANUAL / "central-server.md").read_text(encoding="utf-8").partition("## The declaration")[2]

TABLES = [
    "[server]",
    "[ports]",
    "[intervals]",
    "[limits]",
    "[log]",
    "[keys]",
    "[keys.authentication]",
    "[[keys.signing]]",
    "[[timestamping]]",
    "[[client]]",
    "[[client]]\n[[client.group]]",
    "[[client]]\n[[client.service]]",
    "[[client]]\n[[client.service]]\n[[client.service.endpoint]]",
    "[[client]]\n[[client.service]]\n[[client.service.access]]",
    "[facade]",
    "[[facade.service]]",
]


def test_the_example_works() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    settings = parse_settings(example, file=Path("/etc/lienthong/ss1.toml"))
    assert settings.clients[0].services[0].personal_data


def known_keys(read: Callable[..., object], table: str) -> list[str]:
    """The keys that a table of a TOML file may have, as its reader names them to somebody who misspelt one."""
    with pytest.raises(InvalidSettingsError) as caught:
        read(f"{table}\nqqqqqq = 1\n", file=Path("x.toml"))
    (hint,) = [p.expected for p in caught.value.settings_problems if p.key.endswith("qqqqqq")]
    return hint.removeprefix("one of ").split(", ")


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_of_a_security_server_is_explained(table: str) -> None:
    part = section(re.findall(r"[\w.]+", table)[-1])
    known = known_keys(parse_settings, table)
    assert [key for key in known if not re.search(rf"`{key}`|\.{key}\]\]`|{key} =", part)] == []


DECLARED = [
    "",
    "[management]",
    "[settings]",
    "[[member_class]]",
    "[[member]]",
    "[[member]]\n[[member.subsystem]]",
    "[[server]]",
    "[[group]]",
    "[[ca]]",
    "[[ca]]\n[[ca.ocsp]]",
    "[[ca]]\n[[ca.intermediate]]",
    "[[ca]]\n[ca.acme]",
    "[[tsa]]",
]


@pytest.mark.parametrize("table", DECLARED)
def test_every_key_of_the_declaration_is_explained(table: str) -> None:
    known = known_keys(parse_declaration, table)
    assert [key for key in known if not re.search(rf"`{key}`|[\[.]{key}\]|\b{key} =", DECLARATION)] == []


def test_every_setting_of_an_authority_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[authority]\nqqqqqq = 1\n")
    with pytest.raises(AuthorityError, match="unknown keys \\['qqqqqq'\\]"):
        read_config(tmp_path / "a.toml")
    page = (MANUAL / "authority.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "a.toml").write_text(example, "utf-8")
    config = read_config(tmp_path / "a.toml")
    files = {field.name for field in dataclasses.fields(config)} - {"settings"}
    told = {field.name for field in dataclasses.fields(config.settings)}
    assert [
        key for key in sorted(files | told) if not re.search(rf"^#? ?{key}(_seconds)? =", example, re.MULTILINE)
    ] == []


def test_every_setting_of_a_system_is_explained() -> None:
    page = (MANUAL / "population.md").read_text("utf-8")
    known = {f.name for kind in (SystemConfig, DatabaseConfig, TlsConfig) for f in dataclasses.fields(kind)} - {"own"}
    assert [key for key in sorted(known) if not re.search(rf"`{key}`|\b{key} =", page)] == []


def section(name: str) -> str:
    """The part of the page that explains a table: its own chapter, or the row that names it."""
    chapters = re.split(r"(?m)^## ", PAGE)
    own = [chapter for chapter in chapters if re.match(rf"`\[+{re.escape(name)}\]+`", chapter)]
    words = {f"`[[{name}]]`", f"`{name.rpartition('.')[2]}`"}
    return own[0] if own else "\n".join(line for line in PAGE.splitlines() if any(word in line for word in words))
