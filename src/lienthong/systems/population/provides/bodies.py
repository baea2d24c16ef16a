"""Turning records into bodies in the caller's language."""

from __future__ import annotations

from datetime import date

from lienthong.systems.foundation.access.events import Access
from lienthong.systems.foundation.legal_day import legal_day_of
from lienthong.systems.population.domain.identity import IdentityVerification
from lienthong.systems.population.domain.records import HouseholdRecord, PersonRecord
from lienthong.systems.population.provides.schemas import (
    AccessEventBody,
    Coded,
    HouseholdBody,
    IdentityVerificationBody,
    MemberBody,
    NameBody,
    PersonBody,
    PlaceBody,
    ResidenceBody,
)
from lienthong.systems.vocabulary.administrative_unit import units_at
from lienthong.systems.vocabulary.agency_code import agency_name
from lienthong.systems.vocabulary.bilingual import Language
from lienthong.systems.vocabulary.code_list import meaning
from lienthong.systems.vocabulary.errors import VocabularyError


def verification_body(answer: IdentityVerification) -> IdentityVerificationBody:
    """The fields that agree."""
    return IdentityVerificationBody(
        confirmed=answer.is_confirmed, name=answer.name, date_of_birth=answer.date_of_birth, sex=answer.sex
    )


def person_body(person: PersonRecord, *, on: date, language: Language) -> PersonBody:
    """A person with every code explained as of a day."""
    residence = person.residence
    name = person.name
    return PersonBody(
        number=person.number.digits,
        name=NameBody(full=name.full, family=name.family, middle=name.middle, given=name.given),
        date_of_birth=person.date_of_birth,
        sex=_coded("sex", person.sex.value, on, language),
        ethnic_group=_coded("ethnic_group", person.ethnic_group, on, language),
        marital_status=_coded("marital_status", person.marital_status, on, language),
        nationality=person.nationality,
        date_of_death=person.date_of_death,
        residence=None
        if residence is None
        else ResidenceBody(
            commune_code=residence.commune_code,
            place=_place(residence.commune_code, on, language),
            detail=residence.detail,
            since=residence.since,
        ),
    )


def household_body(household: HouseholdRecord, *, on: date, language: Language) -> HouseholdBody:
    """A household with every code explained as of a day."""
    return HouseholdBody(
        code=household.code,
        address=PlaceBody(
            commune_code=household.commune_code,
            place=_place(household.commune_code, on, language),
            detail=household.detail,
        ),
        members=[
            MemberBody(
                number=member.number.digits,
                full_name=member.full_name,
                date_of_birth=member.date_of_birth,
                sex=_coded("sex", member.sex.value, on, language),
                relation=_coded("household_relation", member.relation, on, language),
            )
            for member in household.members
        ],
    )


def event_body(event: Access, *, language: Language) -> AccessEventBody:
    """An access event with the name its agency had on that day."""
    code = event.client.split("/")[2]
    name = agency_name(code, legal_day_of(event.instant))
    return AccessEventBody(
        position=event.position,
        message_id=event.message_id,
        client=event.client,
        client_name=name.to(language) if name else "",
        officer=event.officer,
        issue=event.issue,
        operation=event.operation,
        data_classes=list(event.data_classes),
        instant=event.instant,
    )


def _coded(list_name: str, code: str, on: date, language: Language) -> Coded:
    return Coded(code=code, text=meaning(list_name, code, on).to(language))


def _place(code: str, on: date, language: Language) -> str:
    """Names of the units; "" for a commune that is not in force on the day, whose code still says where."""
    try:
        return units_at(on).place(code, language)
    except VocabularyError:
        return ""
