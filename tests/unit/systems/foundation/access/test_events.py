from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.identifiers import ClientId
from lienthong.systems.foundation.access.events import (
    events_about,
    hide_numbers,
    leave_events,
    leave_own_visit,
    own_visits,
)
from lienthong.systems.vocabulary.person_number import PersonNumber

ANN, BINH = PersonNumber("001185000001"), PersonNumber("079085000002")
AT = datetime(2020, 8, 21, 7, 0, tzinfo=UTC)
CALLER = Caller(
    client=ClientId("VN", "GOV", "000.00.00.H10", "onestop"), user_id="H10.cb1", issue="hồ sơ 7", message_id="m1"
)

pytestmark = pytest.mark.usefixtures("records")


def _leave(*subjects: PersonNumber, times: int = 1) -> None:
    for n in range(times):
        leave_events(
            CALLER, subjects=subjects, operation="look_up_person", data_classes=("basic",), at=AT + timedelta(n)
        )


def test_an_event_says_who_what_for_what_and_when() -> None:
    _leave(ANN)
    (event,) = events_about(ANN)
    assert (event.client, event.officer, event.issue) == ("VN/GOV/000.00.00.H10/onestop", "H10.cb1", "hồ sơ 7")
    assert (event.operation, event.data_classes, event.message_id) == ("look_up_person", ("basic",), "m1")
    assert event.instant == AT


def test_everyone_sees_their_own_events_only() -> None:
    _leave(ANN, BINH)
    _leave(ANN)
    assert len(events_about(ANN)) == 2
    assert len(events_about(BINH)) == 1


def test_pages_follow_one_another_without_gap_or_overlap() -> None:
    _leave(ANN, times=5)
    first = events_about(ANN, limit=2)
    second = events_about(ANN, before=first[-1].position, limit=2)
    third = events_about(ANN, before=second[-1].position, limit=2)
    positions = [event.position for event in (*first, *second, *third)]
    assert len(positions) == 5
    assert positions == sorted(set(positions), reverse=True)


def test_openings_of_the_own_page_are_counted_apart() -> None:
    leave_own_visit(subject=ANN, at=AT)
    assert (events_about(ANN), own_visits(ANN), own_visits(BINH)) == ((), 1, 0)


def test_many_subjects_cost_one_query() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _leave(ANN, BINH)
    assert len([q for q in queries if "INSERT" in q["sql"]]) == 1


@pytest.mark.parametrize("statement", ["UPDATE access_event SET client = ''", "DELETE FROM access_event"])
def test_the_database_itself_refuses_changes(statement: str) -> None:
    _leave(ANN)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(events_about(ANN)) == 1


@pytest.mark.parametrize(
    ("officer", "shown"),
    [
        ("H10.cb1", "H10.cb1"),
        ("001085000001", "••••••••0001"),
        ("VN001085000001", "VN••••••••0001"),
        ("cb 001085000001 x", "cb ••••••••0001 x"),
        ("12345678", "12345678"),
    ],
)
def test_officers_are_persons_too(officer: str, shown: str) -> None:
    assert hide_numbers(officer) == shown
