"""Identity verification: yes or no for each field, and no more than that.

Source: Nghị định 137/2015/NĐ-CP, Điều 13 (the number); domain dossier C5 (names compared without accents, case, spaces;
"prefer yes/no verification to data release").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.systems.vocabulary.person_name import is_same_name
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityClaim:
    """Who somebody says they are."""

    number: PersonNumber
    """Personal number claimed."""
    name: str
    """Full name claimed, in any spelling."""
    date_of_birth: date
    """Date of birth claimed."""
    sex: Sex
    """Sex claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredIdentity:
    """What the register knows of the bearer of a number, as far as verification needs it."""

    name: str
    """Full name in the register."""
    date_of_birth: date
    """Date of birth in the register."""
    sex: Sex
    """Sex in the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityVerification:
    """The answer: which fields agree with the register."""

    name: bool
    """Whether the name agrees, accents, case and spacing aside."""
    date_of_birth: bool
    """Whether the date of birth agrees."""
    sex: bool
    """Whether the sex agrees."""

    @property
    def is_confirmed(self) -> bool:
        """Whether every field agrees."""
        return self.name and self.date_of_birth and self.sex


NOTHING_AGREES = IdentityVerification(name=False, date_of_birth=False, sex=False)
"""The answer for a number nobody has, and for one whose claimed bearer is a stranger: they look the same."""


def verify_identity(claim: IdentityClaim, registered: RegisteredIdentity | None) -> IdentityVerification:
    """Compare a claim with the register.

    Sex alone never agrees: with one chance in two it would tell whether a number exists. It is answered only to a
    caller who already knows the name or the date of birth.
    """
    if registered is None:
        return NOTHING_AGREES
    name = is_same_name(claim.name, registered.name)
    date_of_birth = claim.date_of_birth == registered.date_of_birth
    sex = (name or date_of_birth) and claim.sex is registered.sex
    return IdentityVerification(name=name, date_of_birth=date_of_birth, sex=sex)
