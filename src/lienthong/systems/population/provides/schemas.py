"""Bodies of the operations, as the OpenAPI document shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import ConfigDict

from lienthong.systems.vocabulary.person_number import Sex

NumberText = Annotated[str, Field(description="Personal identification number: 12 digits", examples=["001185000001"])]


class IdentityClaimBody(Schema):
    """Who somebody says they are."""

    model_config = ConfigDict(extra="forbid")

    number: NumberText
    name: str = Field(min_length=1, max_length=100, description="Full name; accents, case and spacing do not matter")
    date_of_birth: date = Field(description="Date of birth, YYYY-MM-DD")
    sex: Sex = Field(description="1 male (nam), 2 female (nữ)")


class IdentityVerificationBody(Schema):
    """Which fields agree with the register; all false for a number nobody has."""

    confirmed: bool = Field(description="Whether every field agrees")
    name: bool
    date_of_birth: bool
    sex: bool = Field(description="Answered only when the name or the date of birth agrees, else false")


class Coded(Schema):
    """A code with its meaning in the caller's language."""

    code: str
    text: str


class NameBody(Schema):
    """A name in its parts."""

    full: str
    family: str
    middle: str
    given: str


class PlaceBody(Schema):
    """An address in a commune."""

    commune_code: str = Field(description="Five-digit code of the commune")
    place: str = Field(description="Names of the commune and the units above it, in the caller's language")
    detail: str = Field(description="House, street or hamlet")


class ResidenceBody(PlaceBody):
    """Where a person lives permanently."""

    since: date


class PersonBody(Schema):
    """One person of the register."""

    number: NumberText
    name: NameBody
    date_of_birth: date
    sex: Coded
    ethnic_group: Coded
    marital_status: Coded
    nationality: str = Field(description="ISO 3166 alpha-3")
    date_of_death: date | None
    residence: ResidenceBody | None


class MemberBody(Schema):
    """One member of a household."""

    number: NumberText
    full_name: str
    date_of_birth: date
    sex: Coded
    relation: Coded


class HouseholdBody(Schema):
    """A household, its address and its members, the head first."""

    code: str
    address: PlaceBody
    members: list[MemberBody]


class AccessEventBody(Schema):
    """One answer about the person: who asked, for what, what was given, when."""

    position: int = Field(description="Place in the list; greater is later")
    message_id: str = Field(description="X-Road-Id, the message in both security servers' logs")
    client: str = Field(description="INSTANCE/CLASS/CODE/SUBSYSTEM of the party that asked")
    client_name: str = Field(description="Name of the agency in the caller's language; empty when unknown")
    officer: str = Field(description="X-Road-UserId; personal numbers in it are masked")
    issue: str = Field(description="X-Road-Issue: dossier or legal basis")
    operation: str = Field(description="Operation id in this document")
    data_classes: list[str] = Field(description="Classes of data given; empty when nothing was")
    instant: datetime


class AccessEventsBody(Schema):
    """The latest events, newest first."""

    events: list[AccessEventBody]
    next_before: int | None = Field(description="Give it as `before` to read earlier events; null at the end")


class HealthBody(Schema):
    """Whether the system answers."""

    status: str = Field(description="ready")


class FaultBody(Schema):
    """A further fault of the same request."""

    place: str
    cause: str


class ProblemBody(Schema):
    """A refusal a person can act on, in the caller's language (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    place: str
    cause: str
    cure: str
    others: list[FaultBody]
    message_id: str
