import pytest

from lienthong.systems.foundation.operations.problems import INTERNAL, field_problem
from lienthong.systems.vocabulary.bilingual import Language


@pytest.mark.parametrize(
    ("kind", "cause_vi"),
    [
        ("missing", "Thiếu giá trị bắt buộc."),
        ("date_parsing", "Không phải ngày hợp lệ."),
        ("never_heard_of", "Giá trị không hợp lệ."),
    ],
)
def test_a_field_problem_names_place_cause_and_cure(kind: str, cause_vi: str) -> None:
    body = field_problem(kind, "date_of_birth").to_json(Language.VIETNAMESE, message_id="m1")
    assert (body["place"], body["cause"], body["message_id"]) == ("Trường date_of_birth", cause_vi, "m1")
    assert body["cure"]


def test_a_problem_speaks_the_language_asked_for() -> None:
    assert INTERNAL.to_json(Language.ENGLISH, message_id="")["cause"] == "The system failed and could not answer."
    assert field_problem("json_invalid", "").to_json(Language.ENGLISH, message_id="")["place"] == "Request body"
