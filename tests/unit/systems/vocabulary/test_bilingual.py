import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.systems.vocabulary.bilingual import Language, Text, preferred_language


@pytest.mark.parametrize(
    ("asked", "given_language"),
    [
        ("", "vi"),
        ("vi", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("vi-VN, en;q=0.8", "vi"),
        ("vi;q=0.3, en;q=0.8", "en"),
        ("fr, de;q=0.9", "vi"),
        ("*", "vi"),
        ("en;q=0", "vi"),
        ("en;q=nonsense", "vi"),
        ("en;q=7", "vi"),
    ],
)
def test_the_reader_gets_the_language_asked_for(asked: str, given_language: str) -> None:
    assert preferred_language(asked).value == given_language


@given(st.text(max_size=300))
def test_any_header_gives_a_language(asked: str) -> None:
    assert preferred_language(asked) in Language


def test_places_in_a_text_are_filled_in_both_languages() -> None:
    filled = Text("Mã {code}", "Code {code}").filled(code="7")
    assert (filled.to(Language.VIETNAMESE), filled.to(Language.ENGLISH)) == ("Mã 7", "Code 7")
