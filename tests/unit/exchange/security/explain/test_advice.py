import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.security.explain.advice import advice_for, known_endings


@pytest.mark.parametrize(
    ("fault_code", "words"),
    [
        ("server.serverproxy.access_denied", "right"),
        ("server.clientproxy.unknown_member", "not registered here"),
        ("server.serverproxy.service_failed.unknown_member", "does not serve"),
        ("server.clientproxy.network_error", "none of the provider's servers"),
        ("server.serverproxy.network_error", "service behind it"),
        ("server.clientproxy.mlog.timestamping_failed", "too long"),
        ("server.clientproxy.never_heard_of", "not in the table"),
    ],
)
def test_the_longest_known_ending_wins(fault_code: str, words: str) -> None:
    assert words in advice_for(fault_code, "en").cause


@given(st.text())
def test_every_code_has_advice(fault_code: str) -> None:
    assert advice_for(fault_code, "vi").cure


def test_both_languages_say_something_of_every_code() -> None:
    for ending in known_endings():
        for language in ("vi", "en"):
            advice = advice_for(f"server.{ending}", language)
            assert advice.cause
            assert advice.cure
