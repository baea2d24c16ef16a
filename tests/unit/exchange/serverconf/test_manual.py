"""The manual page knows every key, and its example works."""

import re
from pathlib import Path

import pytest
from tests.shared import ROOT

from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.reading import parse_settings

PAGE = (ROOT / "docs" / "manual" / "security-server-settings.md").read_text(encoding="utf-8")

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


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_explained(table: str) -> None:
    with pytest.raises(InvalidSettingsError) as caught:
        parse_settings(f"{table}\nqqqqqq = 1\n", file=Path("x.toml"))
    (hint,) = [p.expected for p in caught.value.settings_problems if p.key.endswith("qqqqqq")]
    part = section(re.findall(r"[\w.]+", table)[-1])
    known = hint.removeprefix("one of ").split(", ")
    assert [key for key in known if not re.search(rf"`{key}`|\.{key}\]\]`|{key} =", part)] == []


def section(name: str) -> str:
    """The part of the page that explains a table: its own chapter, or the row that names it."""
    chapters = re.split(r"(?m)^## ", PAGE)
    own = [chapter for chapter in chapters if re.match(rf"`\[+{re.escape(name)}\]+`", chapter)]
    words = {f"`[[{name}]]`", f"`{name.rpartition('.')[2]}`"}
    return own[0] if own else "\n".join(line for line in PAGE.splitlines() if any(word in line for word in words))
