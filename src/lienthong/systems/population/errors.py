"""Errors of the population system: refusals of its operations, each a problem with place, cause and cure."""

from __future__ import annotations

from lienthong.systems.foundation.operations.problems import Problem
from lienthong.systems.vocabulary.bilingual import Text

PERSON_NOT_FOUND = Problem(
    code="person_not_found",
    status=404,
    place=Text("Số định danh trong đường dẫn", "Number in the path"),
    cause=Text(
        "Không có người mang số định danh này trong Cơ sở dữ liệu quốc gia về dân cư.",
        "No person with this number is in the National Population Database.",
    ),
    cure=Text(
        "Kiểm tra lại số định danh trên giấy tờ; lần tra cứu này đã được ghi nhận.",
        "Check the number on the person's document; this look-up has been recorded.",
    ),
)
"""No such person; the attempt leaves an access event all the same."""

HOUSEHOLD_NOT_FOUND = Problem(
    code="household_not_found",
    status=404,
    place=Text("Số định danh trong đường dẫn", "Number in the path"),
    cause=Text(
        "Không có hộ gia đình nào có người mang số định danh này.",
        "No household has a member with this number.",
    ),
    cure=Text(
        "Kiểm tra lại số định danh trên giấy tờ; lần tra cứu này đã được ghi nhận.",
        "Check the number on the person's document; this look-up has been recorded.",
    ),
)
"""No such person, or one without a household: the two look the same."""
