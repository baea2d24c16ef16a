"""Invented people, the same ones for the same chance: real words, places and prefixes, nobody real.

Words and their weights are in ``data/names.csv`` (family names by their known shares, others by our estimate; ethnic
groups by the census of 2019). Places are communes in force on the day asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from lienthong.systems.population.domain.records import CHILD, HEAD, PARENT, SPOUSE
from lienthong.systems.population.domain.words import Words, pick
from lienthong.systems.vocabulary.administrative_unit import AdministrativeUnit, UnitKind, UnitTable
from lienthong.systems.vocabulary.person_name import PersonName
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex, compose_person_number

_TWO_TIERS = date(2025, 7, 1)
"""Births before this day were registered under one of the 63 provinces of old."""
_SINGLE, _MARRIED, _WIDOWED = "1", "2", "3"
_ADULT = 18
_TOWNS = {UnitKind.P: 4.0, UnitKind.TT: 3.0}
"""How much likelier than a rural commune a town is drawn."""


class Chance(Protocol):
    """Where draws come from; ``random.Random(seed)`` is one."""

    def random(self) -> float:
        """A number from 0 up to but not including 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedPerson:
    """A person nobody is."""

    number: PersonNumber
    """Unique among those invented together."""
    name: PersonName
    """Name, in its parts."""
    date_of_birth: date
    """On or before the day of invention."""
    sex: Sex
    """Sex, in step with the number."""
    ethnic_group: str
    """Code of the list ``ethnic_group``."""
    marital_status: str
    """Code of the list ``marital_status``."""
    relation: str
    """Relation to the head of the household."""
    resident_since: date
    """First day at the household's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedHousehold:
    """A household nobody lives in."""

    code: str
    """``HK`` and ten digits, in order of invention."""
    commune_code: str
    """A commune in force on the day of invention."""
    detail: str
    """House and street, or hamlet."""
    members: tuple[InventedPerson, ...]
    """Head first."""


@dataclass(slots=True, kw_only=True)
class Invention:
    """Draws households until enough people exist."""

    chance: Chance
    """Where draws come from."""
    units: UnitTable
    """Places of the day."""
    on: date
    """The day the people live on."""
    words: Words
    """Names and streets with weights."""
    _taken: set[PersonNumber] = field(default_factory=set)

    def households(self, people: int) -> Iterator[InventedHousehold]:
        """Yield households with exactly *people* members in all."""
        communes = [(unit, _TOWNS.get(unit.kind, 2.0)) for unit in self.units.communes]
        places = Words.weighted(communes)
        count = 0
        while people > 0:
            count += 1
            household = self._household(count, pick(places, self.chance.random()), room=people)
            people -= len(household.members)
            yield household

    def _household(self, count: int, commune: AdministrativeUnit, *, room: int) -> InventedHousehold:
        family = _Family(self, self.units.province_of(commune.code))
        return InventedHousehold(
            code=f"HK{count:010d}",
            commune_code=commune.code,
            detail=self._detail(commune),
            members=tuple(family.members()[:room]),
        )

    def _detail(self, commune: AdministrativeUnit) -> str:
        if commune.kind in _TOWNS:
            return f"Số {self.whole(1, 299)}, đường {pick(self.words.streets, self.chance.random())}"
        hamlet = "Ấp" if commune.code > "25" else "Thôn"
        return f"{hamlet} {self.whole(1, 12)}"

    def number(self, province: AdministrativeUnit, sex: Sex, born: date) -> PersonNumber:
        """A number nobody has yet, registered in the province as it was called on the day of birth."""
        codes = province.formed_from if province.formed_from and born < _TWO_TIERS else (province.code,)
        prefix = "0" + codes[self.whole(0, len(codes) - 1)]
        while True:
            serial = self.whole(0, 999_999)
            number = compose_person_number(prefix=prefix, sex=sex, birth_year=born.year, serial=serial)
            if number not in self._taken:
                self._taken.add(number)
                return number

    def whole(self, low: int, high: int) -> int:
        """A whole number from *low* to *high*, both included."""
        return low + int(self.chance.random() * (high - low + 1))

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.chance.random() < probability

    def born(self, age: int) -> date:
        """A day of birth of somebody who is *age* years old."""
        return self.on - timedelta(days=age * 365 + age // 4 + self.whole(0, 364))

    def birthplace(self, home: AdministrativeUnit) -> AdministrativeUnit:
        """Mostly home, else any province."""
        provinces = self.units.provinces
        return home if self.happens(0.8) else provinces[self.whole(0, len(provinces) - 1)]


class _Family:
    """The people of one household, drawn from the head on."""

    def __init__(self, source: Invention, home: AdministrativeUnit) -> None:
        self.source = source
        self.home = home
        self.ethnic_group: str = pick(source.words.ethnic_groups, source.chance.random())
        self.moved_in = source.born(source.whole(1, 20))

    def members(self) -> list[InventedPerson]:
        source = self.source
        age = source.whole(24, 78)
        head_sex = Sex.MALE if source.happens(0.72) else Sex.FEMALE
        married = source.happens(0.85)
        head = self._person(HEAD, head_sex, age, _MARRIED if married else self._unmarried(age))
        people = [head]
        if married:
            other = Sex.FEMALE if head_sex is Sex.MALE else Sex.MALE
            spouse_age = max(_ADULT + 2, age + source.whole(-5, 3))
            people.append(self._person(SPOUSE, other, spouse_age, _MARRIED))
            family_name = next(person.name.family for person in people if person.sex is Sex.MALE)
            people += self._children(min(age, spouse_age), family_name)
        if age < 55 and source.happens(0.22):
            people.append(self._parent(head, age))
        return people

    def _unmarried(self, age: int) -> str:
        return _WIDOWED if age > 45 and self.source.happens(0.7) else _SINGLE

    def _children(self, parent_age: int, family_name: str) -> list[InventedPerson]:
        ages = {parent_age - self.source.whole(21, 38) for _ in range(self.source.whole(0, 3))}
        return [
            self._person(CHILD, Sex.MALE if self.source.happens(0.52) else Sex.FEMALE, age, _SINGLE, family_name)
            for age in sorted(ages, reverse=True)
            if 0 <= age < 25
        ]

    def _parent(self, head: InventedPerson, head_age: int) -> InventedPerson:
        """A father carries the head's family name; a mother keeps her own."""
        sex = Sex.FEMALE if self.source.happens(0.65) else Sex.MALE
        family_name = head.name.family if sex is Sex.MALE else None
        return self._person(PARENT, sex, head_age + self.source.whole(20, 32), _WIDOWED, family_name)

    def _person(
        self, relation: str, sex: Sex, age: int, marital_status: str, family_name: str | None = None
    ) -> InventedPerson:
        source, words = self.source, self.source.words
        draw = source.chance.random
        born = source.born(age)
        family = family_name or pick(words.family_names, draw())
        return InventedPerson(
            number=source.number(source.birthplace(self.home), sex, born),
            name=PersonName(family, pick(words.middle_names[sex], draw()), pick(words.given_names[sex], draw())),
            date_of_birth=born,
            sex=sex,
            ethnic_group=self.ethnic_group,
            marital_status=marital_status,
            relation=relation,
            resident_since=max(born, self.moved_in),
        )
