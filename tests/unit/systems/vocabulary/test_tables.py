from datetime import date

import pytest

from lienthong.systems.vocabulary.tables import ALWAYS, Validity, read_table, validity_of


def test_a_validity_holds_on_both_its_ends() -> None:
    validity = Validity(date(2020, 1, 1), date(2020, 1, 31))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 1, 31), date(2020, 2, 1))
    assert [validity.holds_on(day) for day in days] == [False, True, True, False]
    assert ALWAYS.holds_on(date.min)
    assert ALWAYS.holds_on(date.max)


def test_a_validity_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError):
        Validity(date(2020, 2, 1), date(2020, 1, 1))


@pytest.mark.parametrize("name", ["agencies.csv", "code_lists.csv", "administrative_tables.csv"])
def test_every_row_has_a_validity_and_names_its_source(name: str) -> None:
    for row in read_table(name):
        validity_of(row)
        assert row["source"]
