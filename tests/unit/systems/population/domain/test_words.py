import pytest
from tests.unit.systems.population.register import DAY

from lienthong.systems.population.domain.words import Words, pick, words
from lienthong.systems.vocabulary.code_list import code_list


@pytest.mark.parametrize(("share", "thing"), [(0.0, "a"), (0.24, "a"), (0.26, "b"), (0.999999, "b"), (1.0, "b")])
def test_things_are_picked_by_their_weight(share: float, thing: str) -> None:
    assert pick(Words.weighted([("a", 1.0), ("b", 3.0)]), share) == thing


def test_ethnic_groups_drawn_from_are_on_the_code_list() -> None:
    assert set(words().ethnic_groups.things) <= set(code_list("ethnic_group", DAY))
