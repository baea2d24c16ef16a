from datetime import date

import pytest

from lienthong.systems.vocabulary.code_list import code_list, meaning, term
from lienthong.systems.vocabulary.errors import TermUnknownError


def test_vietnam_has_fifty_four_ethnic_groups() -> None:
    groups = code_list("ethnic_group", date(2020, 8, 31))
    assert sorted(groups) == [f"{n:02d}" for n in range(1, 55)]
    assert groups["01"].meaning.vi == "Kinh"
    assert len({entry.meaning.vi for entry in groups.values()}) == 54


@pytest.mark.parametrize(
    ("key", "day", "vi"),
    [
        ("identity_card", date(2020, 8, 31), "căn cước công dân"),  # Luật Căn cước công dân 59/2014/QH13
        ("identity_card", date(2024, 6, 30), "căn cước công dân"),
        ("identity_card", date(2024, 7, 1), "thẻ căn cước"),  # Luật Căn cước 26/2023/QH15
        ("full_online_service", date(2022, 8, 14), "dịch vụ công trực tuyến mức độ 4"),
        ("full_online_service", date(2022, 8, 15), "dịch vụ công trực tuyến toàn trình"),  # Nghị định 42/2022/NĐ-CP
        ("household_register", date(2022, 12, 31), "sổ hộ khẩu"),  # Luật Cư trú 68/2020/QH14, Điều 38
    ],
)
def test_terms_change_with_the_law(key: str, day: date, vi: str) -> None:
    assert term(key, day).vi == vi


def test_codes_that_do_not_exist_are_refused_by_name() -> None:
    with pytest.raises(TermUnknownError) as refused:
        meaning("sex", "3", date(2020, 8, 31))
    assert "sex" in refused.value.explanation.en
    with pytest.raises(TermUnknownError):
        term("identity_card", date(1999, 1, 1))
