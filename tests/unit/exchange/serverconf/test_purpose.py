import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.exchange.serverconf.purpose import decide_purpose
from lienthong.exchange.serverconf.settings import Service

CITIZENS = Service(code="citizens", personal_data=True)
OFFICER = "001190000001"

ISSUES = [
    # X-Road-Issue, whether it is a purpose, by which rule
    ("000.00.14.H20-200703-0002", True, "TT 01/2018/TT-VPCP Điều 19, real dossier"),
    ("000.00.00.H10-251125-0001", True, "TT 01/2018/TT-VPCP Điều 19"),
    ("H10.14.2-251125-0001", True, "QĐ 20/2020/QĐ-TTg agency code, level 1 first"),
    ("G22-251125-00017", True, "a busy agency passes 9999 dossiers"),
    ("000.00.14.H20-201303-0002", False, "there is no month 13"),
    ("000.00.14.H20-200732-0002", False, "there is no day 32"),
    ("000.00.14.H20-200703-02", False, "running number has four digits"),
    ("000.00.14.H20-200703", False, "no running number"),
    ("0.0.14.H20-200703-0002", False, "agency code is short"),
    ("x000.00.14.H20-200703-0002", False, "something before"),
    ("000.00.14.H20-200703-0002\n", False, "something after"),
    ("LAW:26/2023/QH15, Điều 10", True, "Luật Căn cước"),
    ("LAW:137/2015/NĐ-CP", True, "a decree"),
    ("LAW:", False, "no citation"),
    ("LAW: 26/2023/QH15", False, "starts with a space"),
    ("LAW:because I want", False, "a citation has a number"),
    ("law:26/2023/QH15", False, "the mark is upper-case"),
    ("test", False, "no purpose"),
    ("LAW:" + "1" * 400, False, "too long"),
]


@pytest.mark.parametrize(("issue", "is_purpose", "rule"), ISSUES)
def test_issues(issue: str, rule: str, *, is_purpose: bool) -> None:
    assert (decide_purpose(CITIZENS, user_id=OFFICER, issue=issue) is None) is is_purpose, rule


USERS = [
    (OFFICER, True),
    ("x", True),
    ("nguyễn.văn.an@hn", True),
    ("a" * 64, True),
    ("a" * 65, False),
    ("", False),
    ("two words", False),
    ("tab\there", False),
    ("nul\0", False),
    ("no\u00a0break", False),
]


@pytest.mark.parametrize(("user", "is_known"), USERS)
def test_users(user: str, *, is_known: bool) -> None:
    assert (decide_purpose(CITIZENS, user_id=user, issue="LAW:26/2023/QH15") is None) is is_known


def test_everything_missing_is_named_at_once() -> None:
    fault = decide_purpose(CITIZENS, user_id=None, issue=None)
    assert fault is not None
    assert fault.code == "access_denied"
    assert fault.message.startswith("Purpose required:")
    assert "X-Road-UserId" in fault.message
    assert "X-Road-Issue" in fault.message


def test_only_what_is_missing_is_named() -> None:
    fault = decide_purpose(CITIZENS, user_id=OFFICER, issue="test")
    assert fault is not None
    assert "X-Road-UserId" not in fault.message
    assert "test" not in fault.message


def test_other_services_ask_for_nothing() -> None:
    assert decide_purpose(Service(code="weather"), user_id=None, issue=None) is None


def test_a_service_may_have_its_own_pattern() -> None:
    claims = Service(code="claims", personal_data=True, issue_patterns=(r"BHYT-\d{10}", r"X|Y"))
    assert decide_purpose(claims, user_id=OFFICER, issue="BHYT-0123456789") is None
    assert decide_purpose(claims, user_id=OFFICER, issue="Y") is None
    fault = decide_purpose(claims, user_id=OFFICER, issue="000.00.14.H20-200703-0002")
    assert fault is not None
    assert "the form this service demands" in fault.message


@given(st.none() | st.text(max_size=80), st.none() | st.text(max_size=250))
def test_a_decision_is_always_reached_and_repeats_nothing(user: str | None, issue: str | None) -> None:
    fault = decide_purpose(CITIZENS, user_id=user, issue=issue)
    assert fault is None or fault.message.isprintable()
