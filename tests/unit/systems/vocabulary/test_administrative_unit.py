import csv
from datetime import date

import pytest
from tests.shared import shared

from lienthong.systems.vocabulary.administrative_unit import Tier, units_at
from lienthong.systems.vocabulary.bilingual import Language, Text
from lienthong.systems.vocabulary.errors import TermUnknownError, UnitsUnknownError


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2020, 6, 1), 63, 707, 10_614),  # as counted on 1 June 2020
        (date(2020, 8, 31), 63, 707, 10_614),
        (date(2025, 6, 30), 63, 707, 10_614),  # last day of three tiers
        (date(2025, 7, 1), 34, 0, 3_321),  # first day of two
        (date(2026, 11, 25), 34, 0, 3_321),
    ],
)
def test_as_many_units_are_in_force_as_the_law_says(day: date, provinces: int, districts: int, communes: int) -> None:
    table = units_at(day)
    assert (len(table.provinces), len(table.districts), len(table.communes)) == (provinces, districts, communes)


@pytest.mark.parametrize(("name", "day"), [("2020", date(2020, 6, 1)), ("2025", date(2026, 5, 1))])
def test_our_tables_say_what_their_sources_say(name: str, day: date) -> None:
    table = units_at(day)
    with shared(f"fixtures/vietnam/administrative_units_{name}.csv").open(encoding="utf-8-sig") as file:
        theirs = {row["code"]: (row["parent_code"], row["name_vi"].lower()) for row in csv.DictReader(file)}
    ours = {code: (unit.parent_code, unit.full_name.vi.lower()) for code, unit in table.units.items()}
    assert ours == theirs


def test_every_province_of_2020_went_into_one_of_2025() -> None:
    before = {unit.code for unit in units_at(date(2025, 6, 30)).provinces}
    formed = [code for unit in units_at(date(2025, 7, 1)).provinces for code in unit.formed_from]
    assert sorted(formed) == sorted(before)


def test_dong_nai_became_a_city_on_30_april_2026() -> None:
    assert units_at(date(2026, 4, 29)).unit("75").full_name == Text("Tỉnh Đồng Nai", "Dong Nai Province")
    assert units_at(date(2026, 4, 30)).unit("75").full_name == Text("Thành phố Đồng Nai", "Dong Nai City")


def test_days_between_two_changes_share_one_table() -> None:
    assert units_at(date(2025, 7, 1)) is units_at(date(2026, 4, 29))


def test_a_place_is_named_with_the_units_above_it() -> None:
    table = units_at(date(2020, 8, 31))
    commune = table.communes[0]
    assert commune.tier is Tier.COMMUNE
    assert table.place(commune.code, Language.VIETNAMESE) == "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội"
    assert table.place(commune.code, Language.ENGLISH) == "Phuc Xa Ward, Ba Dinh Urban District, Ha Noi City"
    assert units_at(date(2025, 7, 1)).place("26647", Language.VIETNAMESE) == "Xã Hoà Hiệp, Thành phố Hồ Chí Minh"


def test_every_unit_lies_in_a_province() -> None:
    for day in (date(2020, 8, 31), date(2025, 7, 1)):
        table = units_at(day)
        assert all(table.province_of(code).tier is Tier.PROVINCE for code in table.units)


def test_days_before_the_first_table_are_refused() -> None:
    with pytest.raises(UnitsUnknownError) as refused:
        units_at(date(2020, 5, 31))
    assert "2020-05-31" in refused.value.explanation.vi


def test_a_code_not_in_force_is_refused() -> None:
    assert units_at(date(2020, 8, 31)).unit("70").name == "Bình Phước"
    with pytest.raises(TermUnknownError):
        units_at(date(2025, 7, 1)).unit("70")
