"""Administrative units with validity: 63 provinces, 707 districts, 10,614 communes of 2020; 34 and 3,321 of 2025.

Each table is a snapshot: that of 2020 was observed on 1 June 2020 and stands for every day up to 30 June 2025, although
some districts and communes merged in between (705 districts in February 2021, 696 in March 2025). The table of 2025
shows ten wards of Đồng Nai that were communes before 30 April 2026.
Source: Quyết định 124/2004/QĐ-TTg (codes); ``data/administrative_tables.csv`` names where each table comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, IntEnum
from functools import cache, cached_property

from lienthong.systems.vocabulary.bilingual import Language, Text
from lienthong.systems.vocabulary.errors import TermUnknownError, UnitsUnknownError
from lienthong.systems.vocabulary.person_name import fold
from lienthong.systems.vocabulary.tables import ALWAYS, Validity, read_table, validity_of


class Tier(IntEnum):
    """Level of a unit; the value is the number of digits in its code."""

    PROVINCE = 2
    DISTRICT = 3
    COMMUNE = 5


class UnitKind(Enum):
    """What a unit is called; the member's name is its code in the tables."""

    T = Text("Tỉnh", "Province")
    TPTW = Text("Thành phố", "City")
    Q = Text("Quận", "Urban District")
    H = Text("Huyện", "District")
    TX = Text("Thị xã", "Town")
    TP = Text("Thành phố", "Provincial City")
    P = Text("Phường", "Ward")
    TT = Text("Thị trấn", "Township")
    X = Text("Xã", "Commune")
    DK = Text("Đặc khu", "Special Zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrativeUnit:
    """A province, district or commune (*đơn vị hành chính*) during one validity."""

    code: str
    """Official code: 2 digits province, 3 district, 5 commune."""
    parent_code: str
    """Code of the unit above; "" for a province."""
    kind: UnitKind
    """What it is called."""
    name: str
    """Proper name without the kind, NFC."""
    formed_from: tuple[str, ...] = ()
    """Codes of the provinces it was formed from; empty below the province and in the table of 2020."""
    validity: Validity = ALWAYS
    """Days on which this row holds, inside those of its table."""

    @property
    def tier(self) -> Tier:
        """Level, read from the length of the code."""
        return Tier(len(self.code))

    @property
    def full_name(self) -> Text:
        """Kind and name as documents write it; in English without accents, kind last."""
        return Text(f"{self.kind.value.vi} {self.name}", f"{fold(self.name).title()} {self.kind.value.en}")


@dataclass(frozen=True)
class UnitTable:
    """The units in force on one day."""

    day: date
    """First day on which exactly these units are in force."""
    units: Mapping[str, AdministrativeUnit]
    """Units by code."""
    source: str
    """Where the table comes from."""

    @cached_property
    def provinces(self) -> tuple[AdministrativeUnit, ...]:
        """Units of the first tier, by code."""
        return self._tier(Tier.PROVINCE)

    @cached_property
    def districts(self) -> tuple[AdministrativeUnit, ...]:
        """Units of the second tier; none since 1 July 2025."""
        return self._tier(Tier.DISTRICT)

    @cached_property
    def communes(self) -> tuple[AdministrativeUnit, ...]:
        """Units of the lowest tier, by code."""
        return self._tier(Tier.COMMUNE)

    def unit(self, code: str) -> AdministrativeUnit:
        """The unit with *code*; raises TermUnknownError when none is in force."""
        found = self.units.get(code)
        if found is None:
            raise TermUnknownError(_UNKNOWN_UNIT.filled(code=code, day=self.day.isoformat()))
        return found

    def line_of(self, code: str) -> tuple[AdministrativeUnit, ...]:
        """The unit and those above it, lowest first."""
        unit = self.unit(code)
        return (unit, *self.line_of(unit.parent_code)) if unit.parent_code else (unit,)

    def province_of(self, code: str) -> AdministrativeUnit:
        """The province a unit lies in."""
        return self.line_of(code)[-1]

    def place(self, code: str, language: Language) -> str:
        """The unit with those above it in one line, as addresses are written."""
        return ", ".join(unit.full_name.to(language) for unit in self.line_of(code))

    def _tier(self, tier: Tier) -> tuple[AdministrativeUnit, ...]:
        return tuple(sorted((u for u in self.units.values() if u.tier is tier), key=lambda unit: unit.code))


def units_at(day: date) -> UnitTable:
    """The table of units in force on *day*; the same object for days between two changes.

    Raises:
        UnitsUnknownError: no table covers the day; the first begins on 1 June 2020.
    """
    for name, validity, source in _tables():
        if validity.holds_on(day):
            return _table(name, source, max(change for change in _changes(name, validity) if change <= day))
    raise UnitsUnknownError(_NO_TABLE.filled(day=day.isoformat()))


_NO_TABLE = Text(
    "Không có danh mục đơn vị hành chính cho ngày {day}; danh mục đầu tiên có từ ngày 2020-06-01.",
    "No table of administrative units covers {day}; the first begins on 2020-06-01.",
)
_UNKNOWN_UNIT = Text(
    "Không có đơn vị hành chính mã {code} có hiệu lực vào ngày {day}.",
    "No administrative unit with code {code} is in force on {day}.",
)


@cache
def _tables() -> tuple[tuple[str, Validity, str], ...]:
    return tuple((row["file"], validity_of(row), row["source"]) for row in read_table("administrative_tables.csv"))


@cache
def _rows(name: str) -> tuple[AdministrativeUnit, ...]:
    return tuple(
        AdministrativeUnit(
            code=row["code"],
            parent_code=row["parent_code"],
            kind=UnitKind[row["kind"]],
            name=row["name"],
            formed_from=tuple(row["formed_from"].split()),
            validity=validity_of(row),
        )
        for row in read_table(name)
    )


@cache
def _changes(name: str, validity: Validity) -> frozenset[date]:
    """Days on which what is in force in one table changes, its own first day included."""
    begins = {row.validity.since for row in _rows(name) if row.validity.since is not None}
    return frozenset(begins | {validity.since or date.min})


@cache
def _table(name: str, source: str, day: date) -> UnitTable:
    units = {row.code: row for row in _rows(name) if row.validity.holds_on(day)}
    return UnitTable(day=day, units=units, source=source)
