from datetime import timedelta
from pathlib import Path

import pytest

from lienthong.exchange.serverconf.problems import InvalidSettingsError
from lienthong.exchange.serverconf.tables import Sheet, write_path


def test_key_paths_read_like_code() -> None:
    assert write_path(()) == ""
    assert write_path(("client", 0, "service", 12, "url")) == "client[0].service[12].url"


def test_values_of_the_wrong_kind_are_noted_and_reading_goes_on() -> None:
    sheet = Sheet('a = 1\nb = ["x"]\nc = [1]\nd = true\ne = {}\n', file=Path("x.toml"))
    assert sheet.root.text("a") == ""
    assert sheet.root.texts("b") == ("x",)
    assert sheet.root.tables("c") == []
    assert sheet.root.number("d", 7, low=1, high=9) == 7
    assert sheet.root.table("b").has("x") is False
    assert sheet.root.texts("e") == ()
    assert [(p.line, p.key, p.found) for p in sheet.problems] == [
        (1, "a", "1"),
        (3, "c", "[1]"),
        (4, "d", "true"),
        (2, "b", "['x']"),
        (5, "e", "{}"),
    ]


def test_a_file_of_another_language_is_refused() -> None:
    with pytest.raises(InvalidSettingsError):
        Sheet("<settings/>", file=Path("x.xml"))


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 3000 + "]" * 3000, "a = " + "1" * 5000, "a = " + '{"b" = ' * 3000 + "1" + "}" * 3000],
    ids=["arrays in arrays", "digits", "tables in tables"],
)
def test_a_value_without_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidSettingsError, match="too long or too deep"):
        Sheet(text, file=Path("x.toml"))


def test_a_number_that_nobody_could_wait_for_is_refused_and_reading_goes_on() -> None:
    sheet = Sheet(f"a = {10**30}\n", file=Path("x.toml"))
    assert sheet.root.seconds("a", timedelta(seconds=7)) == timedelta(seconds=7)
    assert [problem.key for problem in sheet.problems] == ["a"]


@pytest.mark.parametrize("address", ["http://h/dữ-liệu", "http://h/a b", "http://h:0/", "http://[", "http://a@h/"])
def test_what_is_no_address_is_refused(address: str) -> None:
    sheet = Sheet(f'a = "{address}"\n', file=Path("x.toml"))
    sheet.root.address("a")
    assert len(sheet.problems) == 1


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 30_000 + " = 1", "a" + ' . "b"' * 30_000 + " = 1", "x = {" + "a." * 99 + "a = 1}"]
)
def test_a_key_in_thousands_of_parts_is_refused_at_once(text: str) -> None:
    with pytest.raises(InvalidSettingsError, match="too long or too deep"):
        Sheet(text, file=Path("x.toml"))


def test_a_long_list_of_addresses_is_no_long_key() -> None:
    addresses = [f"10.1.2.{number}" for number in range(200)]
    assert Sheet(f"a = {addresses}\n", file=Path("x.toml")).root.texts("a") == tuple(addresses)
