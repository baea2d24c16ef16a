"""Codes of state agencies, in the order of QCVN 102 and in that of Quyết định 20/2020/QĐ-TTg, and whose they are.

``000.00.18.G12`` (level 4 first, unused levels zero) and ``G12.18`` (level 1 first, zero groups dropped) are the same.
Source: QCVN 102:2016/BTTTT; Quyết định 20/2020/QĐ-TTg; Quyết định 09/2025/QĐ-TTg (mergers).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from lienthong.systems.vocabulary.bilingual import Text
from lienthong.systems.vocabulary.errors import AgencyCodeError
from lienthong.systems.vocabulary.tables import Validity, read_table, validity_of

_OLD = re.compile(r"([0-9]{3})\.([0-9]{2})\.([0-9]{2})\.([A-Z][0-9]{2})")
_NEW = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{1,6})*")
_MAX_LENGTH = 35
_WIDTHS = (2, 2, 3)
"""Digits of levels 2, 3 and 4 in the order of QCVN 102."""

_MALFORMED = Text(
    "“{code}” không phải mã định danh cơ quan: cần dạng 000.00.00.H10 hoặc H10.",
    "“{code}” is no agency code: write 000.00.00.H10 or H10.",
)
_NO_OLD_FORM = Text(
    "Mã {code} không viết được theo QCVN 102:2016 (tối đa bốn cấp 3, 2, 2 chữ số).",
    "Code {code} cannot be written in the form of QCVN 102:2016 (four levels of at most 3, 2 and 2 digits).",
)


@dataclass(frozen=True, slots=True, order=True)
class AgencyCode:
    """An agency (*mã định danh điện tử của cơ quan*), level 1 first; both written forms compare equal."""

    levels: tuple[str, ...]
    """Level 1 (letter and two digits), then the levels below, as many as there are."""

    def __str__(self) -> str:
        """Level 1 first, as Quyết định 20/2020/QĐ-TTg writes it: ``G12.18``."""
        return ".".join(self.levels)

    @property
    def qcvn_form(self) -> str:
        """Level 4 first with zeros for unused levels, as QCVN 102:2016 writes it; raises AgencyCodeError."""
        below = [*self.levels[1:], *("0" for _ in range(4 - len(self.levels)))]
        if len(below) != 3 or any(not g.isdigit() or len(g) > w for g, w in zip(below, _WIDTHS, strict=True)):
            raise AgencyCodeError(_NO_OLD_FORM.filled(code=str(self)))
        second, third, fourth = (group.zfill(width) for group, width in zip(below, _WIDTHS, strict=True))
        return f"{fourth}.{third}.{second}.{self.levels[0]}"

    @property
    def top(self) -> AgencyCode:
        """The ministry or province the agency belongs to."""
        return AgencyCode(self.levels[:1])


def parse_agency_code(text: str) -> AgencyCode:
    """Read a code in either form; raises AgencyCodeError."""
    old = _OLD.fullmatch(text)
    if old:
        fourth, third, second, first = old.groups()
        below = [second, third, fourth]
        while below and not int(below[-1]):
            below.pop()
        return AgencyCode((first, *below))
    if len(text) <= _MAX_LENGTH and _NEW.fullmatch(text):
        return AgencyCode(tuple(text.split(".")))
    raise AgencyCodeError(_MALFORMED.filled(code=text[:_MAX_LENGTH]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An agency of the first level during one validity."""

    code: AgencyCode
    """Its code."""
    name: Text
    """Its name."""
    validity: Validity
    """Days on which it goes by this name and code."""
    successor: AgencyCode | None
    """Who took over its work when it closed."""
    source: str
    """Where the row comes from; "own knowledge" marks what no source confirmed."""


@cache
def agencies() -> tuple[Agency, ...]:
    """Every agency of the first level that the table knows, of any day."""
    return tuple(
        Agency(
            code=parse_agency_code(row["code"]),
            name=Text(row["name_vi"], row["name_en"]),
            validity=validity_of(row),
            successor=parse_agency_code(row["successor"]) if row["successor"] else None,
            source=row["source"],
        )
        for row in read_table("agencies.csv")
    )


def agencies_at(day: date) -> dict[AgencyCode, Agency]:
    """Agencies of the first level in force on *day*, by code."""
    return {agency.code: agency for agency in agencies() if agency.validity.holds_on(day)}


def agency_name(code: str, day: date) -> Text | None:
    """The name on *day* of the ministry or province that *code* (either form) belongs to; None when unknown."""
    try:
        top = parse_agency_code(code).top
    except AgencyCodeError:
        return None
    found = agencies_at(day).get(top)
    return found.name if found else None
