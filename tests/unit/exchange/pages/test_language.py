import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.pages import LANGUAGES, choose_language


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "", "vi"),
        ("lang=en", "vi", "en"),
        ("lang=vi&lang=en", "", "en"),
        ("lang=fr", "", "vi"),
        ("", "en-GB,en;q=0.8,vi;q=0.5", "en"),
        ("", "fr, vi;q=0.2, en;q=0.1", "vi"),
        ("", "en;q=0", "vi"),
        ("", "en;q=x", "vi"),
    ],
)
def test_the_address_decides_then_the_browser(query: str, accept: str, language: str) -> None:
    assert choose_language(query, accept) == language


@given(st.text(), st.text())
def test_anything_gives_a_language(query: str, accept: str) -> None:
    assert choose_language(query, accept) in LANGUAGES
