"""Reads of the register: explicit columns, a fixed number of queries each, frozen values out."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from django.db.models import Q

from lienthong.systems.population.domain.identity import RegisteredIdentity
from lienthong.systems.population.domain.records import HEAD, HouseholdRecord, Member, PersonRecord, Residence
from lienthong.systems.population.models import HouseholdMember, Person
from lienthong.systems.population.models import Residence as ResidenceRow
from lienthong.systems.vocabulary.person_name import PersonName
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex


def registered_identity(number: PersonNumber) -> RegisteredIdentity | None:
    """What verification needs of the bearer of *number*; one query."""
    columns = ("family_name", "middle_names", "given_name", "date_of_birth", "sex")
    row = Person.objects.filter(number=number.digits).values_list(*columns).first()
    if row is None:
        return None
    family, middle, given, born, sex = row
    return RegisteredIdentity(name=PersonName(family, middle, given).full, date_of_birth=born, sex=Sex(sex))


def person_record(number: PersonNumber, *, on: date) -> PersonRecord | None:
    """The bearer of *number* with the residence valid on a day; two queries."""
    columns = ("family_name", "middle_names", "given_name", "date_of_birth", "sex")
    more = ("ethnic_group", "marital_status", "nationality", "date_of_death", "id")
    row = Person.objects.filter(number=number.digits).values_list(*columns, *more).first()
    if row is None:
        return None
    family, middle, given, born, sex, ethnic_group, marital_status, nationality, died, key = row
    return PersonRecord(
        number=number,
        name=PersonName(family, middle, given),
        date_of_birth=born,
        sex=Sex(sex),
        ethnic_group=ethnic_group,
        marital_status=marital_status,
        nationality=nationality,
        date_of_death=died,
        residence=_residence(key, on=on),
    )


def household_record(number: PersonNumber, *, on: date) -> HouseholdRecord | None:
    """The household the bearer of *number* belongs to on a day, with all its members; two queries."""
    own = HouseholdMember.objects.filter(_valid(on), person__number=number.digits)
    columns = ("household_id", "household__code", "household__address__commune_code", "household__address__detail")
    row = own.values_list(*columns).first()
    if row is None:
        return None
    key, code, commune, detail = row
    members = sorted(_members(key, on=on), key=lambda m: (m.relation != HEAD, m.date_of_birth, m.number))
    return HouseholdRecord(code=code, commune_code=commune, detail=detail, members=tuple(members))


def number_behind(access_key: str) -> PersonNumber | None:
    """Whose own page the key of a link opens; None when nobody's. One query."""
    digest = sha256(access_key.encode()).hexdigest()
    digits = Person.objects.filter(access_key_digest=digest).values_list("number", flat=True).first()
    return PersonNumber(digits) if digits else None


def some_numbers(limit: int) -> tuple[PersonNumber, ...]:
    """The first *limit* numbers of the register, for demonstrations; one query."""
    rows = Person.objects.order_by("id").values_list("number", flat=True)[:limit]
    return tuple(PersonNumber(digits) for digits in rows)


def is_empty() -> bool:
    """Whether the register has nobody yet; one query."""
    return not Person.objects.exists()


def _valid(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=on))


def _residence(person_key: int, *, on: date) -> Residence | None:
    rows = ResidenceRow.objects.filter(_valid(on), person_id=person_key).order_by("-valid_from")
    row = rows.values_list("address__commune_code", "address__detail", "valid_from").first()
    return Residence(commune_code=row[0], detail=row[1], since=row[2]) if row else None


def _members(household_key: int, *, on: date) -> list[Member]:
    columns = ("number", "family_name", "middle_names", "given_name", "date_of_birth", "sex")
    rows = HouseholdMember.objects.filter(_valid(on), household_id=household_key)
    return [
        Member(
            number=PersonNumber(digits),
            full_name=PersonName(family, middle, given).full,
            date_of_birth=born,
            sex=Sex(sex),
            relation=relation,
        )
        for digits, family, middle, given, born, sex, relation in rows.values_list(
            *(f"person__{column}" for column in columns), "relation"
        )
    ]
