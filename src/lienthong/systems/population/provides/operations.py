"""The operations of the register. Every one but ``health`` needs a caller with a purpose and leaves access events."""

from __future__ import annotations

from typing import Annotated

from django.db import connection
from django.http import HttpRequest
from ninja import Path, Query

from lienthong.exchange.connector.caller import Caller
from lienthong.systems.foundation.legal_day import instant_now, legal_day
from lienthong.systems.foundation.operations.caller import caller_with_purpose
from lienthong.systems.foundation.operations.interface import language_of, new_interface
from lienthong.systems.foundation.operations.problems import Refused, vocabulary_problem
from lienthong.systems.population import services
from lienthong.systems.population.domain.identity import IdentityClaim
from lienthong.systems.population.errors import HOUSEHOLD_NOT_FOUND, PERSON_NOT_FOUND
from lienthong.systems.population.provides import bodies
from lienthong.systems.population.provides.schemas import (
    AccessEventsBody,
    HealthBody,
    HouseholdBody,
    IdentityClaimBody,
    IdentityVerificationBody,
    PersonBody,
    ProblemBody,
)
from lienthong.systems.vocabulary.bilingual import Text
from lienthong.systems.vocabulary.errors import PersonNumberError
from lienthong.systems.vocabulary.person_number import PersonNumber

api = new_interface(
    title="Cơ sở dữ liệu quốc gia về dân cư – National Population Database",
    version="1.0.0",
    description=(
        "Called through a security server, which adds X-Road-Client and X-Road-Id. Every operation about a person also "
        "needs X-Road-UserId (the officer) and X-Road-Issue (dossier or legal basis), and leaves an access event that "
        "the person can see. Texts and refusals come in the language of Accept-Language: vi (default) or en."
    ),
    name="population",
)

_REFUSALS = {400: ProblemBody, 403: ProblemBody}
_LOOK_UP_REFUSALS = {**_REFUSALS, 404: ProblemBody}

NumberInPath = Annotated[str, Path(description="Personal identification number: 12 digits")]


@api.post(
    "/identity-verifications",
    operation_id="verify_identity",
    summary="Verify an identity: yes or no for each field",
    response={200: IdentityVerificationBody, **_REFUSALS},
)
def verify_identity(request: HttpRequest, claim: IdentityClaimBody) -> IdentityVerificationBody:
    """Compare number, name, date of birth and sex with the register. An unknown number answers no to everything."""
    return verify_claim(caller_with_purpose(request.headers), claim)


def verify_claim(caller: Caller, claim: IdentityClaimBody) -> IdentityVerificationBody:
    """The answer to a claim, however it was asked."""
    claimed = IdentityClaim(
        number=_number(claim.number, Text("Trường number", "Field number")),
        name=claim.name,
        date_of_birth=claim.date_of_birth,
        sex=claim.sex,
    )
    return bodies.verification_body(services.answer_verification(caller, claimed, at=instant_now()))


@api.get(
    "/persons/{number}",
    operation_id="look_up_person",
    summary="Look up a person",
    response={200: PersonBody, **_LOOK_UP_REFUSALS},
)
def look_up_person(request: HttpRequest, number: NumberInPath) -> PersonBody:
    """Give a person's record with the residence of today."""
    caller = caller_with_purpose(request.headers)
    day = legal_day()
    person = services.answer_look_up(caller, _number(number, _IN_PATH), on=day, at=instant_now())
    if person is None:
        raise Refused(PERSON_NOT_FOUND)
    return bodies.person_body(person, on=day, language=language_of(request))


@api.get(
    "/persons/{number}/household",
    operation_id="look_up_household",
    summary="Look up a person's household",
    response={200: HouseholdBody, **_LOOK_UP_REFUSALS},
)
def look_up_household(request: HttpRequest, number: NumberInPath) -> HouseholdBody:
    """Give the household of today; every member's access events show the answer."""
    caller = caller_with_purpose(request.headers)
    day = legal_day()
    household = services.answer_household(caller, _number(number, _IN_PATH), on=day, at=instant_now())
    if household is None:
        raise Refused(HOUSEHOLD_NOT_FOUND)
    return bodies.household_body(household, on=day, language=language_of(request))


@api.get(
    "/persons/{number}/access-events",
    operation_id="list_access_events",
    summary="List who has read a person's data",
    response={200: AccessEventsBody, **_REFUSALS},
)
def list_access_events(
    request: HttpRequest,
    number: NumberInPath,
    before: Annotated[int | None, Query(ge=1, description="Only events before this position")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Most events in one answer")] = 50,
) -> AccessEventsBody:
    """Give the latest access events about a person, newest first; empty for a number nobody has asked about."""
    caller = caller_with_purpose(request.headers)
    events = services.answer_access_events(
        caller, _number(number, _IN_PATH), before=before, limit=limit, at=instant_now()
    )
    language = language_of(request)
    return AccessEventsBody(
        events=[bodies.event_body(event, language=language) for event in events],
        next_before=events[-1].position if len(events) == limit else None,
    )


@api.get("/health", operation_id="health", summary="Say whether the system answers", response=HealthBody, auth=None)
def health(request: HttpRequest) -> HealthBody:
    """Answer once the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HealthBody(status="ready")


_IN_PATH = Text("Số định danh trong đường dẫn", "Number in the path")


def _number(text: str, place: Text) -> PersonNumber:
    try:
        return PersonNumber(text)
    except PersonNumberError as exc:
        raise Refused(vocabulary_problem(exc.explanation, place)) from exc
