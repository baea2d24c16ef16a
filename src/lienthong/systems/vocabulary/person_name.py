"""Names of persons: their three parts, and comparison that ignores accents, case and spacing.

Source: domain dossier C5 (names are compared upper-case without accents and spaces).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_NO_DECOMPOSITION = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})
"""Letters Unicode does not decompose; eth is a common mistyping of đ."""


def fold(text: str) -> str:
    """*text* in upper case, without accents, with single spaces: ``"Nguyễn  Thị Đào"`` gives ``"NGUYEN THI DAO"``."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_NO_DECOMPOSITION))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFKD", bare.upper()).split())


def comparison_key(name: str) -> str:
    """What two spellings of one name have in common: letters without accents, case or spaces."""
    return fold(name).replace(" ", "")


def is_same_name(one: str, other: str) -> bool:
    """Whether both spell one name; an empty name is never the same as anything."""
    key = comparison_key(one)
    return bool(key) and key == comparison_key(other)


@dataclass(frozen=True, slots=True)
class PersonName:
    """Family name (*họ*), middle names (*chữ đệm*) and given name (*tên*), in NFC."""

    family: str
    """Family name; "" for a person with one name only."""
    middle: str
    """Middle names, separated by single spaces; may be ""."""
    given: str
    """Given name, under which Vietnamese lists are ordered."""

    @property
    def full(self) -> str:
        """The whole name as written in documents."""
        return " ".join(part for part in (self.family, self.middle, self.given) if part)


def parse_name(text: str) -> PersonName:
    """Split a full name at its first and last word, as the population register stores it (Ho, ChuDem, Ten)."""
    words = unicodedata.normalize("NFC", text).split()
    if len(words) < 2:
        return PersonName("", "", " ".join(words))
    return PersonName(words[0], " ".join(words[1:-1]), words[-1])
