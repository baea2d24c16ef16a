from datetime import date

from tests.unit.systems.population.register import DAO, DAY

from lienthong.systems.population import queries
from lienthong.systems.population.domain.records import PersonRecord
from lienthong.systems.population.provides.bodies import person_body
from lienthong.systems.vocabulary.bilingual import Language
from lienthong.systems.vocabulary.person_name import parse_name
from lienthong.systems.vocabulary.person_number import Sex


def test_a_person_without_a_residence_has_none() -> None:
    record = PersonRecord(
        number=DAO,
        name=parse_name("Nguyễn Thị Đào"),
        date_of_birth=date(1985, 2, 3),
        sex=Sex.FEMALE,
        ethnic_group="53",
        marital_status="3",
        nationality="VNM",
        date_of_death=None,
        residence=None,
    )
    body = person_body(record, on=DAY, language=Language.VIETNAMESE)
    assert (body.residence, body.ethnic_group.text) == (None, "Ơ-đu")


def test_a_place_not_in_force_is_left_to_its_code(register: None) -> None:
    record = queries.person_record(DAO, on=DAY)
    assert record is not None
    assert person_body(record, on=date(2019, 1, 1), language=Language.ENGLISH).residence is not None
