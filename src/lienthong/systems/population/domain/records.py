"""What the register answers with: a person and a household, as values.

Source: Luật Căn cước công dân 59/2014/QH13, Điều 9 (data items).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.systems.vocabulary.person_name import PersonName
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD = "head", "spouse", "child", "parent", "grandchild"
"""Relations to the head of household; codes of the list ``household_relation``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residence:
    """Where a person lives permanently (*nơi thường trú*)."""

    commune_code: str
    """Five-digit code of the commune."""
    detail: str
    """House, street or hamlet."""
    since: date
    """First day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """One person as a look-up shows them: what procedures need, neither religion nor blood group."""

    number: PersonNumber
    """Personal number."""
    name: PersonName
    """Name, in its parts."""
    date_of_birth: date
    """Date of birth."""
    sex: Sex
    """Sex."""
    ethnic_group: str
    """Code of the list ``ethnic_group``."""
    marital_status: str
    """Code of the list ``marital_status``."""
    nationality: str
    """ISO 3166 alpha-3; ``VNM``."""
    date_of_death: date | None
    """Date of death; None while alive."""
    residence: Residence | None
    """Permanent residence on the day asked about; None when none is registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member of a household."""

    number: PersonNumber
    """Personal number."""
    full_name: str
    """Full name."""
    date_of_birth: date
    """Date of birth."""
    sex: Sex
    """Sex."""
    relation: str
    """Relation to the head; code of the list ``household_relation``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRecord:
    """A household (*hộ gia đình*) and its members on one day, the head first."""

    code: str
    """The register's own code of the household."""
    commune_code: str
    """Commune of its address."""
    detail: str
    """House, street or hamlet."""
    members: tuple[Member, ...]
    """Members, the head first, then by date of birth."""
