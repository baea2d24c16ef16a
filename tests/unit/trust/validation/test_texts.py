"""Every language says the same things."""

import json
from importlib.resources import files

import pytest
from tests.unit.trust.validation.test_report import FULL

from lienthong.trust.validation import SignatureReport, explain, render_report

TEXTS = json.loads(files("lienthong.trust.validation").joinpath("texts.json").read_text(encoding="utf-8"))


def test_languages_have_the_same_keys() -> None:
    assert TEXTS["vi"]["codes"].keys() == TEXTS["en"]["codes"].keys()
    assert TEXTS["vi"]["labels"].keys() == TEXTS["en"]["labels"].keys()


def test_last_known_word_counts() -> None:
    assert explain("malformed_signature.invalid_hash_chain", language="en").startswith("the hash chain does not lead")
    assert explain("mlog.tsp_certificate_not_found", language="vi").startswith("dấu thời gian không do")
    assert explain("unheard_of", language="en") == TEXTS["en"]["codes"]["unknown"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_reports_in_words(language: str) -> None:
    good = render_report(FULL, language=language)
    assert good.startswith(TEXTS[language]["labels"]["valid"])
    assert "VN/GOV/1/sub" in good
    assert "2026-11-25T03:00:00Z" in good
    assert TEXTS[language]["labels"]["verified"] in good
    bad = render_report(SignatureReport(fault_code="invalid_xml", detail="why"), language=language)
    assert bad.startswith(TEXTS[language]["labels"]["not_valid"])
    assert "invalid_xml (why)" in bad
    assert TEXTS[language]["labels"]["signer"] not in bad
