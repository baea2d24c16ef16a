"""Words to invent people from, each with its weight, and the drawing of one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Generic, TypeVar

from lienthong.systems.vocabulary.person_number import Sex
from lienthong.systems.vocabulary.tables import read_table

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Weighted(Generic[_T]):
    """Things to draw from, likelier ones more often."""

    things: tuple[_T, ...]
    """What can be drawn."""
    bounds: tuple[float, ...]
    """Running sums of the weights."""


def pick(choice: Weighted[_T], share: float) -> _T:
    """The thing at *share* (0 up to 1) of the whole weight."""
    return choice.things[bisect_right(choice.bounds, share * choice.bounds[-1], hi=len(choice.bounds) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Names, streets and ethnic groups with weights."""

    family_names: Weighted[str]
    """Family names."""
    middle_names: Mapping[Sex, Weighted[str]]
    """Middle names by sex, "" among them."""
    given_names: Mapping[Sex, Weighted[str]]
    """Given names by sex."""
    streets: Weighted[str]
    """Streets that most towns have."""
    ethnic_groups: Weighted[str]
    """Codes of ethnic groups."""

    @staticmethod
    def weighted(pairs: Iterable[tuple[_T, float]]) -> Weighted[_T]:
        """Things with their weights, ready to draw from."""
        things, weights = zip(*pairs, strict=True)
        return Weighted(things, tuple(accumulate(weights)))


@cache
def words() -> Words:
    """The words shipped with the package."""
    rows = list(read_table("names.csv", "lienthong.systems.population.domain"))

    def of(kind: str, sex: str = "") -> Weighted[str]:
        chosen = (row for row in rows if row["kind"] == kind and row["sex"] == sex)
        return Words.weighted((row["word"], float(row["weight"])) for row in chosen)

    return Words(
        family_names=of("family"),
        middle_names={sex: of("middle", sex.value) for sex in Sex},
        given_names={sex: of("given", sex.value) for sex in Sex},
        streets=of("street"),
        ethnic_groups=of("ethnic_group"),
    )
