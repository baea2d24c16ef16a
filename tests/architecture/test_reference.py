"""The pages that are tables of what the code knows say what the code knows; every fault code has cause and cure."""

import pytest
from scripts import reference

from lienthong.exchange.security.explain.advice import advice_for


@pytest.mark.parametrize("name", ["commands.md", "fault-codes.md"])
def test_the_page_is_up_to_date(name: str) -> None:
    written = (reference.MANUAL / name).read_text("utf-8")
    assert written == reference.pages()[name], f"docs/manual/{name} is behind the code: make reference"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", sorted(reference.raised_codes()))
def test_every_code_that_we_raise_has_a_cause_and_a_cure_of_its_own(code: str, language: str) -> None:
    assert advice_for(code, language) != advice_for("", language)


def test_codes_are_found_where_they_are_raised() -> None:
    known = {"access_denied", "mlog.timestamping_failed", "asic_mime_type_not_found", "global_conf_outdated"}
    assert known <= reference.raised_codes()
    assert not {"clientproxy", "io", "client"} & reference.raised_codes()
