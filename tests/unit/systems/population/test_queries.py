from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.unit.systems.population.register import AT, BINH, DAO, DAY, DUC, LAN, NOBODY, SECRET

from lienthong.systems.population import queries
from lienthong.systems.population.access_keys import access_key
from lienthong.systems.population.models import Residence

pytestmark = pytest.mark.usefixtures("register")


def test_a_person_with_their_residence_costs_two_queries() -> None:
    with CaptureQueriesContext(connection) as counted:
        person = queries.person_record(DAO, on=DAY)
    assert len(counted) == 2
    assert person is not None
    assert person.name.full == "Nguyễn Thị Đào"
    assert person.residence is not None
    assert (person.residence.commune_code, person.residence.since) == ("25195", date(2010, 1, 1))


@pytest.mark.parametrize(("number", "members"), [(BINH, 1), (LAN, 3)])
def test_a_household_costs_two_queries_however_many_live_in_it(number: object, members: int) -> None:
    with CaptureQueriesContext(connection) as counted:
        household = queries.household_record(number, on=DAY)  # type: ignore[arg-type]  # parametrised
    assert len(counted) == 2
    assert household is not None
    assert len(household.members) == members


def test_the_head_comes_first_then_the_eldest() -> None:
    household = queries.household_record(DAO, on=DAY)
    assert household is not None
    assert [member.number for member in household.members] == [DUC, DAO, LAN]


def test_verification_costs_one_query() -> None:
    with CaptureQueriesContext(connection) as counted:
        assert queries.registered_identity(DAO) is not None
        assert queries.registered_identity(NOBODY) is None
    assert len(counted) == 2


def test_a_residence_is_the_one_valid_on_the_day() -> None:
    moved = date(2020, 9, 1)
    old = Residence.objects.select_related("person").get(person__number=DAO.digits)
    Residence.objects.filter(pk=old.pk).update(valid_until=moved - timedelta(days=1))
    new_home = Residence.objects.get(person__number=BINH.digits).address
    Residence.objects.create(person=old.person, address=new_home, valid_from=moved, recorded_at=AT)
    before, after = (queries.person_record(DAO, on=day) for day in (DAY, moved))
    assert before is not None
    assert after is not None
    assert before.residence is not None
    assert after.residence is not None
    assert (before.residence.commune_code, after.residence.commune_code) == ("25195", "00001")


def test_before_a_child_is_born_nobody_lives_there_under_its_number() -> None:
    assert queries.household_record(LAN, on=date(2012, 9, 8)) is None


def test_a_key_opens_one_persons_page() -> None:
    assert queries.number_behind(access_key(DAO, secret=SECRET)) == DAO
    assert queries.number_behind(access_key(DAO, secret="another installation")) is None
    assert queries.number_behind("") is None


def test_the_register_says_whether_it_is_empty() -> None:
    assert not queries.is_empty()
    assert queries.some_numbers(2) == (DUC, DAO)
