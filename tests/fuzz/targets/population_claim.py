"""Bodies of the population register: a claim about a person, or a refusal that names the field."""

from __future__ import annotations

from django.conf import settings
from pydantic import ValidationError

if not settings.configured:  # the schemas ask; nothing else of Django is used
    settings.configure()

from lienthong.systems.population.domain.identity import NOTHING_AGREES, IdentityClaim, verify_identity
from lienthong.systems.population.provides.schemas import IdentityClaimBody
from lienthong.systems.vocabulary.errors import PersonNumberError
from lienthong.systems.vocabulary.person_number import PersonNumber

REFUSES = (ValidationError, PersonNumberError)


def read(data: bytes) -> None:
    body = IdentityClaimBody.model_validate_json(data)
    assert len(body.name) <= 100
    claim = IdentityClaim(
        number=PersonNumber(body.number), name=body.name, date_of_birth=body.date_of_birth, sex=body.sex
    )
    assert verify_identity(claim, None) == NOTHING_AGREES
