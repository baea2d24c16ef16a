"""Use cases of the register: each is one transaction that makes an answer and leaves its access event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lienthong.exchange.connector.caller import Caller
from lienthong.systems.foundation.access.events import Access, events_about, leave_events, leave_own_visit, own_visits
from lienthong.systems.population import queries
from lienthong.systems.population.domain.identity import IdentityClaim, IdentityVerification, verify_identity
from lienthong.systems.population.domain.records import HouseholdRecord, PersonRecord
from lienthong.systems.vocabulary.person_number import PersonNumber

IDENTITY, BASIC, RESIDENCE, HOUSEHOLD, ACCESS = "identity_match", "basic", "residence", "household", "access_events"
"""Classes of data an answer can give, as access events name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """What a person's own page shows."""

    number: PersonNumber
    """Whose page it is."""
    events: tuple[Access, ...]
    """Who has read their data, newest first."""
    visits: int
    """How many times the page was opened before."""


def answer_verification(caller: Caller, claim: IdentityClaim, *, at: datetime) -> IdentityVerification:
    """Say which fields of a claim agree with the register."""
    with transaction.atomic():
        answer = verify_identity(claim, queries.registered_identity(claim.number))
        leave_events(caller, subjects=[claim.number], operation="verify_identity", data_classes=(IDENTITY,), at=at)
    return answer


def answer_look_up(caller: Caller, number: PersonNumber, *, on: date, at: datetime) -> PersonRecord | None:
    """Give a person's record as of a day; None when nobody has the number, which is recorded too."""
    with transaction.atomic():
        record = queries.person_record(number, on=on)
        given = (BASIC, RESIDENCE) if record else ()
        leave_events(caller, subjects=[number], operation="look_up_person", data_classes=given, at=at)
    return record


def answer_household(caller: Caller, number: PersonNumber, *, on: date, at: datetime) -> HouseholdRecord | None:
    """Give the household of a person as of a day; every member is told that they were read."""
    with transaction.atomic():
        record = queries.household_record(number, on=on)
        subjects = [member.number for member in record.members] if record else [number]
        given = (HOUSEHOLD, RESIDENCE) if record else ()
        leave_events(caller, subjects=subjects, operation="look_up_household", data_classes=given, at=at)
    return record


def answer_access_events(
    caller: Caller, number: PersonNumber, *, before: int | None, limit: int, at: datetime
) -> tuple[Access, ...]:
    """List who has read a person's data before this question, which is recorded after them."""
    with transaction.atomic():
        events = events_about(number, before=before, limit=limit)
        leave_events(caller, subjects=[number], operation="list_access_events", data_classes=(ACCESS,), at=at)
    return events


def open_own_page(access_key: str, *, before: int | None, limit: int, at: datetime) -> OwnPage | None:
    """Show a person who has read their data; None when the key opens nobody's page, and nothing is recorded then."""
    with transaction.atomic():
        number = queries.number_behind(access_key)
        if number is None:
            return None
        page = OwnPage(
            number=number, events=events_about(number, before=before, limit=limit), visits=own_visits(number)
        )
        leave_own_visit(subject=number, at=at)
    return page
