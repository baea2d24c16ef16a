from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.systems.population.domain.identity import (
    NOTHING_AGREES,
    IdentityClaim,
    RegisteredIdentity,
    verify_identity,
)
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex

BORN = date(1985, 2, 3)
DAO = RegisteredIdentity(name="Nguyễn Thị Đào", date_of_birth=BORN, sex=Sex.FEMALE)
NUMBER = PersonNumber("001185000001")


def _claim(name: str, born: date, sex: Sex) -> IdentityClaim:
    return IdentityClaim(number=NUMBER, name=name, date_of_birth=born, sex=sex)


# Names without accents, case and spaces; sex answered only to those who know the name or the date of birth.
@pytest.mark.parametrize(
    ("name", "born", "sex", "answer"),
    [
        ("Nguyễn Thị Đào", BORN, Sex.FEMALE, (True, True, True)),
        ("NGUYEN THI DAO", BORN, Sex.FEMALE, (True, True, True)),
        ("nguyenthidao", BORN, Sex.MALE, (True, True, False)),
        ("Nguyễn Thị Đào", date(1985, 3, 2), Sex.FEMALE, (True, False, True)),
        ("Trần Thị Đào", BORN, Sex.FEMALE, (False, True, True)),
        ("Trần Thị Đào", date(1985, 3, 2), Sex.FEMALE, (False, False, False)),
        ("Trần Thị Đào", date(1985, 3, 2), Sex.MALE, (False, False, False)),
    ],
)
def test_each_field_is_answered_yes_or_no(name: str, born: date, sex: Sex, answer: tuple[bool, bool, bool]) -> None:
    found = verify_identity(_claim(name, born, sex), DAO)
    assert (found.name, found.date_of_birth, found.sex) == answer
    assert found.is_confirmed is all(answer)


@given(name=st.text(max_size=20), born=st.dates(), sex=st.sampled_from(Sex))
def test_a_number_nobody_has_answers_like_a_stranger(name: str, born: date, sex: Sex) -> None:
    claim = _claim(name, born, sex)
    assert verify_identity(claim, None) == NOTHING_AGREES
    stranger = RegisteredIdentity(name=name + "x", date_of_birth=date(1, 1, 1) if born.year > 1 else BORN, sex=sex)
    assert verify_identity(claim, stranger) == NOTHING_AGREES
