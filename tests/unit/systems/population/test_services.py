from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.unit.systems.population.register import AT, BINH, CALLER, DAO, DAY, DUC, LAN, NOBODY, SECRET

from lienthong.systems.foundation.access.events import events_about
from lienthong.systems.foundation.access.models import AccessEvent
from lienthong.systems.population import services
from lienthong.systems.population.access_keys import access_key
from lienthong.systems.population.domain.identity import IdentityClaim
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex

pytestmark = pytest.mark.usefixtures("register")


def _claim(number: PersonNumber) -> IdentityClaim:
    return IdentityClaim(number=number, name="nguyen thi dao", date_of_birth=date(1985, 2, 3), sex=Sex.FEMALE)


def test_a_verification_is_seen_by_its_subject_whatever_the_answer() -> None:
    assert services.answer_verification(CALLER, _claim(DAO), at=AT).is_confirmed
    assert not services.answer_verification(CALLER, _claim(BINH), at=AT).is_confirmed
    for subject in (DAO, BINH):
        (event,) = events_about(subject)
        assert (event.operation, event.message_id, event.officer) == ("verify_identity", "m1", "H10.cb1")


def test_a_number_nobody_has_costs_the_same_and_is_recorded_too() -> None:
    with CaptureQueriesContext(connection) as known:
        services.answer_verification(CALLER, _claim(DAO), at=AT)
    with CaptureQueriesContext(connection) as unknown:
        services.answer_verification(CALLER, _claim(NOBODY), at=AT)
    assert len(known) == len(unknown)
    assert len(events_about(NOBODY)) == 1


def test_a_look_up_tells_what_was_given() -> None:
    assert services.answer_look_up(CALLER, DAO, on=DAY, at=AT)
    assert services.answer_look_up(CALLER, NOBODY, on=DAY, at=AT) is None
    assert events_about(DAO)[0].data_classes == ("basic", "residence")
    assert events_about(NOBODY)[0].data_classes == ()


def test_everyone_in_a_household_sees_that_it_was_read() -> None:
    assert services.answer_household(CALLER, LAN, on=DAY, at=AT)
    assert [len(events_about(member)) for member in (DUC, DAO, LAN, BINH)] == [1, 1, 1, 0]


def test_listing_reads_is_a_read_recorded_after_the_others() -> None:
    services.answer_look_up(CALLER, DAO, on=DAY, at=AT)
    first = services.answer_access_events(CALLER, DAO, before=None, limit=10, at=AT)
    second = services.answer_access_events(CALLER, DAO, before=None, limit=10, at=AT)
    assert [event.operation for event in first] == ["look_up_person"]
    assert [event.operation for event in second] == ["list_access_events", "look_up_person"]


def test_no_answer_leaves_without_its_event(monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(AccessEvent.objects.__class__, "bulk_create", full_disk)
    with pytest.raises(OSError):
        services.answer_look_up(CALLER, DAO, on=DAY, at=AT)


def test_a_page_counts_how_often_it_was_opened_before() -> None:
    key = access_key(DAO, secret=SECRET)
    pages = [services.open_own_page(key, before=None, limit=10, at=AT) for _ in range(2)]
    assert [page.visits for page in pages if page] == [0, 1]
    assert services.open_own_page("no key", before=None, limit=10, at=AT) is None
