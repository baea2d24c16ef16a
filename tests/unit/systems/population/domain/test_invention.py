from datetime import date
from random import Random

import pytest

from lienthong.systems.population.domain.invention import InventedHousehold, Invention
from lienthong.systems.population.domain.records import CHILD, HEAD
from lienthong.systems.population.domain.words import words
from lienthong.systems.vocabulary.administrative_unit import units_at
from lienthong.systems.vocabulary.person_number import Sex, disagreements

DAYS = [date(2020, 8, 31), date(2026, 11, 25)]


def _invent(day: date, *, seed: int = 2020, people: int = 400) -> list[InventedHousehold]:
    invention = Invention(chance=Random(seed), units=units_at(day), on=day, words=words())
    return list(invention.households(people))


@pytest.mark.parametrize("day", DAYS)
def test_as_many_people_as_asked_for_with_numbers_of_their_own(day: date) -> None:
    members = [member for household in _invent(day) for member in household.members]
    assert len(members) == len({member.number for member in members}) == 400


@pytest.mark.parametrize("day", DAYS)
def test_numbers_agree_with_sex_and_birth(day: date) -> None:
    for household in _invent(day):
        for member in household.members:
            assert disagreements(member.number, sex=member.sex, date_of_birth=member.date_of_birth) == ()
            assert member.date_of_birth <= member.resident_since <= day


@pytest.mark.parametrize("day", DAYS)
def test_households_live_in_communes_in_force_under_one_head(day: date) -> None:
    communes = {unit.code for unit in units_at(day).communes}
    for household in _invent(day):
        assert household.commune_code in communes
        assert [member.relation for member in household.members].count(HEAD) == 1
        assert household.members[0].relation == HEAD


def test_births_before_the_merger_keep_the_prefixes_of_old() -> None:
    members = [member for household in _invent(date(2026, 11, 25), people=3000) for member in household.members]
    merged = {unit.code for unit in units_at(date(2025, 7, 1)).provinces}
    later = {m.number.prefix[1:] for m in members if m.date_of_birth >= date(2025, 7, 1)}
    earlier = {m.number.prefix[1:] for m in members if m.date_of_birth < date(2025, 7, 1)}
    assert later <= merged
    assert earlier - merged


@pytest.mark.parametrize("day", DAYS)
def test_children_carry_the_fathers_family_name_and_are_younger(day: date) -> None:
    for household in _invent(day):
        couple = household.members[:2]
        fathers = [m for m in couple if m.sex is Sex.MALE and m.relation != CHILD]
        for child in (m for m in household.members if m.relation == CHILD):
            assert child.name.family == fathers[0].name.family
            assert child.date_of_birth > max(parent.date_of_birth for parent in couple if parent.relation != CHILD)


def test_the_same_chance_invents_the_same_people() -> None:
    assert _invent(DAYS[0]) == _invent(DAYS[0])
    assert _invent(DAYS[0], seed=1) != _invent(DAYS[0], seed=2)


def test_family_names_are_as_frequent_as_in_vietnam() -> None:
    members = [m for h in _invent(DAYS[0], people=3000) for m in h.members]
    nguyen = sum(m.name.family == "Nguyễn" for m in members) / len(members)
    assert 0.25 < nguyen < 0.45


class _Script:
    """A chance that gives what it was told to."""

    def __init__(self, *shares: float) -> None:
        self._shares = iter(shares)

    def random(self) -> float:
        return next(self._shares)


def test_a_serial_already_given_is_drawn_again() -> None:
    table = units_at(DAYS[0])
    script = _Script(0.0, 0.5, 0.0, 0.5, 0.25)
    invention = Invention(chance=script, units=table, on=DAYS[0], words=words())
    numbers = [invention.number(table.unit("01"), Sex.MALE, date(1985, 1, 1)).digits for _ in range(2)]
    assert numbers == ["001085500000", "001085250000"]
