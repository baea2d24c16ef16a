"""The personal identification number: ``PPP G YY SSSSSS``, twelve digits without a check digit.

PPP is the province or country of birth registration, G the century of birth and the sex, YY the year, S random.
Source: Nghị định 137/2015/NĐ-CP, Điều 13; Thông tư 07/2016/TT-BCA.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache

from lienthong.systems.vocabulary.bilingual import Text
from lienthong.systems.vocabulary.errors import PersonNumberError
from lienthong.systems.vocabulary.tables import read_table

_FIRST_COUNTRY = 100
"""Prefixes from here on name a country. Own knowledge of Thông tư 07/2016/TT-BCA: its country list is not shipped."""
_FIRST_CENTURY = 1900
_LAST_YEAR = 2399


class Sex(StrEnum):
    """Sex as the register codes it: 1 *nam*, 2 *nữ*."""

    MALE = "1"
    FEMALE = "2"


class Refusal(Enum):
    """Why a number is refused, in words for the person who typed it."""

    NOT_TWELVE_DIGITS = Text(
        "Số định danh cá nhân phải có đúng 12 chữ số, không có dấu cách hay ký tự khác.",
        "A personal identification number has exactly 12 digits, with no spaces or other characters.",
    )
    UNKNOWN_PREFIX = Text(
        "Ba chữ số đầu không phải mã tỉnh, thành phố hay quốc gia nơi đăng ký khai sinh.",
        "The first three digits are no code of a province or country of birth registration.",
    )
    SEX_DIFFERS = Text(
        "Chữ số thứ tư của số định danh không ứng với giới tính đã khai.",
        "The fourth digit of the number does not go with the sex stated.",
    )
    YEAR_DIFFERS = Text(
        "Chữ số thứ tư đến thứ sáu của số định danh không ứng với năm sinh đã khai.",
        "The fourth to sixth digits of the number do not go with the year of birth stated.",
    )


@cache
def province_prefixes() -> frozenset[str]:
    """Prefixes of the provinces: ``0`` and the two-digit statistical code of each of the 63 of 2020.

    The 34 provinces of 2025 keep codes of these; numbers given before stay valid.
    """
    return frozenset(f"0{row['code']}" for row in read_table("administrative_units_2020.csv") if len(row["code"]) == 2)


@dataclass(frozen=True, slots=True, order=True)
class PersonNumber:
    """A well-formed number (*số định danh cá nhân*); whether it was ever given to anyone only the register knows."""

    digits: str
    """The twelve digits."""

    def __post_init__(self) -> None:
        refusal = refusal_of(self.digits)
        if refusal is not None:
            raise PersonNumberError(refusal.value)

    @property
    def prefix(self) -> str:
        """Province or country of birth registration, three digits."""
        return self.digits[:3]

    @property
    def is_registered_abroad(self) -> bool:
        """Whether the prefix names a country instead of a province."""
        return int(self.prefix) >= _FIRST_COUNTRY

    @property
    def sex(self) -> Sex:
        """Sex in the fourth digit: even male, odd female."""
        return Sex.FEMALE if int(self.digits[3]) % 2 else Sex.MALE

    @property
    def birth_year(self) -> int:
        """Year of birth in the fourth to sixth digits, 1900 to 2399."""
        return _FIRST_CENTURY + 100 * (int(self.digits[3]) // 2) + int(self.digits[4:6])

    @property
    def masked(self) -> str:
        """The number with all but its last four digits hidden."""
        return "•" * 8 + self.digits[8:]

    def __str__(self) -> str:
        return self.digits

    def __repr__(self) -> str:
        return f"PersonNumber({self.masked})"


def refusal_of(text: str) -> Refusal | None:
    """Why *text* is no personal number, or None when it is one."""
    if len(text) != 12 or not (text.isascii() and text.isdigit()):
        return Refusal.NOT_TWELVE_DIGITS
    if text[:3] not in province_prefixes() and int(text[:3]) < _FIRST_COUNTRY:
        return Refusal.UNKNOWN_PREFIX
    return None


def parse_person_number(text: str) -> PersonNumber:
    """Read a number typed by a person: blanks and dots between groups are forgiven.

    Raises:
        PersonNumberError: with the refusal in both languages.
    """
    return PersonNumber("".join(text.split()).replace(".", ""))


def disagreements(number: PersonNumber, *, sex: Sex, date_of_birth: date) -> tuple[Refusal, ...]:
    """What the digits contradict in the facts stated; empty when they agree."""
    found = []
    if number.sex is not sex:
        found.append(Refusal.SEX_DIFFERS)
    if number.birth_year != date_of_birth.year:
        found.append(Refusal.YEAR_DIFFERS)
    return tuple(found)


def compose_person_number(*, prefix: str, sex: Sex, birth_year: int, serial: int) -> PersonNumber:
    """Build the number of its parts; *serial* is 0 to 999999."""
    if not _FIRST_CENTURY <= birth_year <= _LAST_YEAR:
        raise ValueError(f"year of birth {birth_year} is outside {_FIRST_CENTURY} to {_LAST_YEAR}")
    if not 0 <= serial <= 999_999:
        raise ValueError("a serial has six digits")
    century_and_sex = 2 * ((birth_year - _FIRST_CENTURY) // 100) + (sex is Sex.FEMALE)
    return PersonNumber(f"{prefix}{century_and_sex}{birth_year % 100:02d}{serial:06d}")
