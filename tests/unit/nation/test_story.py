"""A line that does not hold ends the story, and says why."""

from lienthong.nation import story
from lienthong.nation.errors import StoryError
from lienthong.nation.stage import Told, require
from lienthong.systems.vocabulary.bilingual import Text


def held(_: object) -> Told:
    return Told(text=Text("đúng", "it held"))


def failed(_: object) -> Told:
    raise StoryError("nothing was logged")


def test_lines_are_told_in_order_until_one_does_not_hold() -> None:
    announced: list[str] = []
    lines = list(story.tell(None, [held, failed, held], before=announced.append))  # type: ignore[arg-type]
    assert [(line.name, line.held) for line in lines] == [("held", True), ("failed", False)]
    assert lines[1].text.en == "nothing was logged"
    assert announced == ["held", "failed"]


def test_a_line_is_measured() -> None:
    assert 0 <= story.play("held", lambda: held(None)).seconds < 5


def test_what_is_required_and_missing_ends_the_line() -> None:
    require(True, "unused")
    assert not story.play("scene", lambda: require(False, "two answers were logged, not three")).held  # type: ignore[arg-type, return-value]


def test_the_plain_story_ends_with_what_the_citizen_sees_and_is_part_of_the_full_one() -> None:
    assert story.PLAIN[-1] is story.FULL[-1]
    assert set(story.PLAIN) < set(story.FULL)
