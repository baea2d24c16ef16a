import pytest

from lienthong.systems.foundation.operations.caller import caller_with_purpose
from lienthong.systems.foundation.operations.problems import Refused

HEADERS = {
    "X-Road-Client": "VN/GOV/000.00.00.H10/onestop",
    "X-Road-Id": "m1",
    "X-Road-UserId": "H10.cb1",
    "X-Road-Issue": "000.00.14.H10-200821-0002",
}


def test_a_caller_says_who_for_whom_and_what_for() -> None:
    caller = caller_with_purpose(HEADERS)
    assert caller.client.subsystem_code == "onestop"
    assert (caller.message_id, caller.user_id, caller.issue) == ("m1", "H10.cb1", "000.00.14.H10-200821-0002")


@pytest.mark.parametrize("value", [None, "", "  ", "x" * 256, "tab\there"])
@pytest.mark.parametrize(
    ("header", "code", "status"),
    [
        ("X-Road-Client", "caller_unknown", 400),
        ("X-Road-Id", "caller_unknown", 400),
        ("X-Road-UserId", "purpose_missing", 403),
        ("X-Road-Issue", "purpose_missing", 403),
    ],
)
def test_a_caller_that_does_not_say_is_refused(header: str, code: str, status: int, value: str | None) -> None:
    headers = {name: text for name, text in {**HEADERS, header: value}.items() if text is not None}
    with pytest.raises(Refused) as refused:
        caller_with_purpose(headers)
    problem = refused.value.problem
    assert (problem.code, problem.status) == (code, status)
    assert header in problem.place.vi
    assert problem.cure.vi != problem.cure.en
