import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.systems.vocabulary.person_name import PersonName, comparison_key, fold, is_same_name, parse_name

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđbcdghklmnpqrstvx"
names = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " ", min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn Thị Đào", "NGUYEN THI DAO"),
        ("  nguyễn   thị  đào ", "NGUYEN THI DAO"),
        ("ĐẶNG ĐỨC ĐỘ", "DANG DUC DO"),
        ("Trương Mỹ Hoà", "TRUONG MY HOA"),
        ("Trương Mỹ Hòa", "TRUONG MY HOA"),
        ("Ê-ban H'Lan", "E-BAN H'LAN"),
        ("", ""),
    ],
)
def test_names_fold_to_plain_capitals(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nguyễn Thị Đào", "NGUYEN THI DAO", True),
        ("Nguyễn Thị Đào", "NguyenThiDao", True),
        ("Nguyễn Thị Đào", "Nguyễn Thị Đạo", True),  # accents do not count: the price of the rule
        ("Nguyễn Thị Đào", "Nguyễn Đào", False),
        ("", "", False),
        (" ", "", False),
    ],
)
def test_names_are_compared_without_accents_case_and_spaces(one: str, other: str, same: bool) -> None:
    assert is_same_name(one, other) is same


@given(names)
def test_a_vietnamese_name_folds_to_ascii(name: str) -> None:
    assert fold(name).isascii()


@given(names)
def test_composed_and_decomposed_spellings_are_one_name(name: str) -> None:
    decomposed, composed = unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name)
    assert fold(decomposed) == fold(composed) == fold(name.swapcase())


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert " " not in comparison_key(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nguyễn Thị Thu Hà", PersonName("Nguyễn", "Thị Thu", "Hà")),
        ("Lê An", PersonName("Lê", "", "An")),
        ("Y", PersonName("", "", "Y")),
        ("", PersonName("", "", "")),
    ],
)
def test_names_split_into_family_middle_and_given(text: str, name: PersonName) -> None:
    assert parse_name(text) == name
    assert name.full == text
