from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.systems.vocabulary.errors import PersonNumberError
from lienthong.systems.vocabulary.person_number import (
    PersonNumber,
    Refusal,
    Sex,
    compose_person_number,
    disagreements,
    parse_person_number,
    province_prefixes,
    refusal_of,
)

# Nghị định 137/2015/NĐ-CP, Điều 13; Thông tư 07/2016/TT-BCA: fourth digit 0/1 for the 1900s ... 8/9 for the 2300s.
CENTURIES = [
    ("001085000001", Sex.MALE, 1985),
    ("001185000001", Sex.FEMALE, 1985),
    ("079200000001", Sex.MALE, 2000),
    ("079324000001", Sex.FEMALE, 2024),
    ("096401000001", Sex.MALE, 2101),
    ("096501000001", Sex.FEMALE, 2101),
    ("096699000001", Sex.MALE, 2299),
    ("096999000001", Sex.FEMALE, 2399),
]


@pytest.mark.parametrize(("digits", "sex", "year"), CENTURIES)
def test_century_sex_and_year_are_read_from_the_digits(digits: str, sex: Sex, year: int) -> None:
    number = PersonNumber(digits)
    assert (number.sex, number.birth_year) == (sex, year)


REFUSED = [
    ("", Refusal.NOT_TWELVE_DIGITS),
    ("001085", Refusal.NOT_TWELVE_DIGITS),
    ("012345678", Refusal.NOT_TWELVE_DIGITS),  # the old nine-digit identity card
    ("00108500000A", Refusal.NOT_TWELVE_DIGITS),
    ("００１０８５０００００１", Refusal.NOT_TWELVE_DIGITS),  # full-width digits are no digits here
    ("٠٠١٠٨٥٠٠٠٠٠١", Refusal.NOT_TWELVE_DIGITS),
    ("003085000001", Refusal.UNKNOWN_PREFIX),  # no province has code 03
    ("028085000001", Refusal.UNKNOWN_PREFIX),  # Hà Tây joined Hà Nội in 2008, before numbers were given
    ("000085000001", Refusal.UNKNOWN_PREFIX),
]


@pytest.mark.parametrize(("text", "refusal"), REFUSED)
def test_refusals_are_explained_in_both_languages(text: str, refusal: Refusal) -> None:
    assert refusal_of(text) is refusal
    with pytest.raises(PersonNumberError) as refused:
        PersonNumber(text)
    assert refused.value.explanation == refusal.value


def test_sixty_three_provinces_register_births() -> None:
    assert len(province_prefixes()) == 63
    assert {"001", "070", "096"} <= province_prefixes()


def test_a_country_may_register_a_birth() -> None:
    assert PersonNumber("101085000001").is_registered_abroad
    assert not PersonNumber("001085000001").is_registered_abroad


def test_typed_numbers_may_be_grouped() -> None:
    assert parse_person_number(" 001 085.000 001 ") == PersonNumber("001085000001")


def test_facts_the_digits_contradict_are_named() -> None:
    number = PersonNumber("001085000001")
    assert disagreements(number, sex=Sex.MALE, date_of_birth=date(1985, 2, 3)) == ()
    assert disagreements(number, sex=Sex.FEMALE, date_of_birth=date(1986, 2, 3)) == (
        Refusal.SEX_DIFFERS,
        Refusal.YEAR_DIFFERS,
    )


def test_a_number_never_prints_itself_whole_in_a_repr() -> None:
    assert "00108500" not in repr(PersonNumber("001085000001"))
    assert PersonNumber("001085000001").masked == "••••••••0001"


@given(
    prefix=st.sampled_from(sorted(province_prefixes())),
    sex=st.sampled_from(Sex),
    year=st.integers(1900, 2399),
    serial=st.integers(0, 999_999),
)
def test_what_is_composed_is_read_back(prefix: str, sex: Sex, year: int, serial: int) -> None:
    number = compose_person_number(prefix=prefix, sex=sex, birth_year=year, serial=serial)
    assert (number.prefix, number.sex, number.birth_year) == (prefix, sex, year)
    assert number.digits.endswith(f"{serial:06d}")


@pytest.mark.parametrize(("year", "serial"), [(1899, 0), (2400, 0), (1985, -1), (1985, 1_000_000)])
def test_nothing_outside_the_scheme_is_composed(year: int, serial: int) -> None:
    with pytest.raises(ValueError):
        compose_person_number(prefix="001", sex=Sex.MALE, birth_year=year, serial=serial)


@given(st.text(max_size=20) | st.text(alphabet="0123456789 .", max_size=16))
def test_any_text_is_a_number_or_explains_why_not(text: str) -> None:
    try:
        number = parse_person_number(text)
    except PersonNumberError:
        return
    assert refusal_of(number.digits) is None
