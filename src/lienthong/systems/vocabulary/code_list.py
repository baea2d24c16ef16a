"""Code lists and terms with validity: what a code means, and what the law calls a thing, on a given day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from lienthong.systems.vocabulary.bilingual import Text
from lienthong.systems.vocabulary.errors import TermUnknownError
from lienthong.systems.vocabulary.tables import Validity, read_table, validity_of

_UNKNOWN = Text(
    "Danh mục {name} không có mã {code} có hiệu lực vào ngày {day}.",
    "List {name} has no code {code} in force on {day}.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code of a list, or one wording of a term, during one validity."""

    list_name: str
    """Which list: ``ethnic_group``, ``marital_status``, ``household_relation``, ``sex``, ``term``."""
    code: str
    """The code as documents write it."""
    meaning: Text
    """What it means."""
    validity: Validity
    """Days on which it holds."""
    source: str
    """Norm it comes from."""


@cache
def _entries() -> dict[str, tuple[Entry, ...]]:
    lists: dict[str, list[Entry]] = {}
    for row in read_table("code_lists.csv"):
        entry = Entry(
            list_name=row["list"],
            code=row["code"],
            meaning=Text(row["vi"], row["en"]),
            validity=validity_of(row),
            source=row["source"],
        )
        lists.setdefault(entry.list_name, []).append(entry)
    return {name: tuple(entries) for name, entries in lists.items()}


def code_list(name: str, day: date) -> dict[str, Entry]:
    """The entries of a list in force on *day*, by code; raises KeyError for a list that does not exist."""
    return {entry.code: entry for entry in _entries()[name] if entry.validity.holds_on(day)}


def meaning(name: str, code: str, day: date) -> Text:
    """What *code* of list *name* means on *day*; raises TermUnknownError."""
    found = code_list(name, day).get(code)
    if found is None:
        raise TermUnknownError(_UNKNOWN.filled(name=name, code=code, day=day.isoformat()))
    return found.meaning


def term(key: str, day: date) -> Text:
    """What the law calls *key* on *day*: ``term("identity_card", …)`` is *căn cước* since 1 July 2024."""
    return meaning("term", key, day)
