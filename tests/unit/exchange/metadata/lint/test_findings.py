"""Every rule has a severity, and a cause and a cure in both languages that tell of the same values."""

import re
from pathlib import Path

import pytest

import lienthong.exchange.metadata.lint as room
from lienthong.exchange.metadata.lint import Severity, known_rules, severity_of
from lienthong.exchange.metadata.lint.findings import Finding, words_of

SOURCES = "".join(path.read_text("utf-8") for path in Path(room.__path__[0]).glob("*_rules.py"))
READING = {"not_well_formed", "document_type", "too_long"}
"""Named by the reader of XML."""
VALUES = [
    "detail", "root", "location", "code", "characters", "version", "headers", "element", "port", "address",
    "names", "path", "method", "operation", "id", "first", "ref",
]  # fmt: skip


def test_every_rule_that_is_checked_has_words_and_the_other_way_round() -> None:
    checked = set(re.findall(r'^    "(\w+)": _', SOURCES, re.MULTILINE)) | set(re.findall(r'rule="(\w+)"', SOURCES))
    assert checked | READING == known_rules()


@pytest.mark.parametrize("rule", sorted(known_rules()))
def test_words_are_whole_in_both_languages(rule: str) -> None:
    assert severity_of(rule) in Severity
    marked = {name: f"<{name}>" for name in VALUES}
    said = {language: words_of(Finding(rule=rule, values=marked), language) for language in ("vi", "en")}
    named = {
        language: set(re.findall(r"<\w+>", words.cause)) & set(marked.values()) for language, words in said.items()
    }
    assert named["vi"] == named["en"]
    assert all(words.cause and words.cure for words in said.values())
    assert said["vi"].cause.isascii() is False
