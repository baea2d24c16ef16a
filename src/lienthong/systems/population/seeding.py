"""Filling an empty register with invented people, in one transaction and a handful of bulk statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from random import Random

from django.conf import settings
from django.db import transaction

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.legal_day import instant_now, legal_day
from lienthong.systems.population import queries
from lienthong.systems.population.access_keys import access_key, key_digest
from lienthong.systems.population.configuration import population_config
from lienthong.systems.population.domain.invention import InventedHousehold, InventedPerson, Invention
from lienthong.systems.population.domain.words import words
from lienthong.systems.population.models import Address, Household, HouseholdMember, Person, Residence
from lienthong.systems.vocabulary.administrative_unit import units_at

BATCH = 2000


def seed_when_empty(config: SystemConfig) -> int:
    """Fill an empty register as the configuration says; return how many people were added."""
    wish = population_config(config)
    if wish.people == 0 or not queries.is_empty():
        return 0
    return seed_people(seed=wish.seed, people=wish.people, on=legal_day())


def seed_people(*, seed: int, people: int, on: date) -> int:
    """Invent *people* living on a day and store them; return how many.

    Raises:
        UnitsUnknownError: no table of administrative units covers the day.
    """
    chance = Random(seed)  # noqa: S311  # the same people again, not a secret
    invention = Invention(chance=chance, units=units_at(on), on=on, words=words())
    return store(list(invention.households(people)), secret=settings.SECRET_KEY, at=instant_now())


def store(households: Iterable[InventedHousehold], *, secret: str, at: datetime) -> int:
    """Store invented households with their members and addresses; return how many people."""
    households = list(households)
    with transaction.atomic():
        addresses = Address.objects.bulk_create(
            [Address(commune_code=h.commune_code, detail=h.detail) for h in households], batch_size=BATCH
        )
        rows = Household.objects.bulk_create(
            [Household(code=h.code, address=a) for h, a in zip(households, addresses, strict=True)], batch_size=BATCH
        )
        placed = [(m, row) for h, row in zip(households, rows, strict=True) for m in h.members]
        persons = Person.objects.bulk_create([_person(m, secret=secret, at=at) for m, _ in placed], batch_size=BATCH)
        joined = [(m, row, person) for (m, row), person in zip(placed, persons, strict=True)]
        Residence.objects.bulk_create(
            [
                Residence(person=person, address_id=row.address_id, valid_from=m.resident_since, recorded_at=at)
                for m, row, person in joined
            ],
            batch_size=BATCH,
        )
        HouseholdMember.objects.bulk_create(
            [
                HouseholdMember(
                    household=row, person=person, relation=m.relation, valid_from=m.resident_since, recorded_at=at
                )
                for m, row, person in joined
            ],
            batch_size=BATCH,
        )
    return len(persons)


def _person(member: InventedPerson, *, secret: str, at: datetime) -> Person:
    return Person(
        number=member.number.digits,
        family_name=member.name.family,
        middle_names=member.name.middle,
        given_name=member.name.given,
        date_of_birth=member.date_of_birth,
        sex=member.sex.value,
        ethnic_group=member.ethnic_group,
        marital_status=member.marital_status,
        access_key_digest=key_digest(access_key(member.number, secret=secret)),
        recorded_at=at,
    )
