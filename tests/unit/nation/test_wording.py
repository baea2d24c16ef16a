"""Every scene has its sentence, in both languages, with the same places to fill."""

import tomllib
from importlib.resources import files
from string import Formatter

import pytest

from lienthong.nation import story
from lienthong.nation.wording import sentence
from lienthong.systems.vocabulary.bilingual import Text

SENTENCES = tomllib.loads(files("lienthong.nation").joinpath("sentences.toml").read_text("utf-8"))


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("name", SENTENCES)
def test_both_languages_have_the_same_places(name: str) -> None:
    assert places(SENTENCES[name]["vi"]) == places(SENTENCES[name]["en"])


@pytest.mark.parametrize("scene", story.FULL, ids=lambda scene: scene.__name__)
def test_every_scene_has_a_sentence(scene) -> None:
    assert scene.__name__ in SENTENCES


def test_names_are_filled_in_their_own_language() -> None:
    filled = sentence("right_demanded", code=Text("từ chối", "refused"))
    assert "từ chối" in filled.vi
    assert "(refused)" in filled.en
