"""A small register for tests: two invented households with known members, and a caller with a purpose."""

from datetime import UTC, date, datetime

from lienthong.exchange.connector.caller import Caller
from lienthong.exchange.identifiers import ClientId
from lienthong.systems.population.domain.invention import InventedHousehold, InventedPerson
from lienthong.systems.population.domain.records import CHILD, HEAD, SPOUSE
from lienthong.systems.vocabulary.person_name import parse_name
from lienthong.systems.vocabulary.person_number import PersonNumber, Sex

SECRET = "unit tests only"
DAY = date(2020, 8, 31)
AT = datetime(2020, 8, 31, 3, 0, tzinfo=UTC)
DAO, DUC, LAN, BINH = (PersonNumber(d) for d in ("070185000001", "070083000002", "070312000003", "079090000004"))
NOBODY = PersonNumber("070185999999")
CALLER = Caller(
    client=ClientId("VN", "GOV", "000.00.00.H10", "onestop"), user_id="H10.cb1", issue="HS-1", message_id="m1"
)
HEADERS = {
    "X-Road-Client": "VN/GOV/000.00.00.H10/onestop",
    "X-Road-Id": "m1",
    "X-Road-UserId": "H10.cb1",
    "X-Road-Issue": "HS-1",
}


def _person(number: PersonNumber, name: str, born: date, relation: str) -> InventedPerson:
    return InventedPerson(
        number=number,
        name=parse_name(name),
        date_of_birth=born,
        sex=number.sex,
        ethnic_group="01",
        marital_status="1" if relation == CHILD else "2",
        relation=relation,
        resident_since=max(born, date(2010, 1, 1)),
    )


HOUSEHOLDS = (
    InventedHousehold(
        code="HK0000000001",
        commune_code="25195",
        detail="Số 5, đường Hùng Vương",
        members=(
            _person(DUC, "Trần Văn Đức", date(1983, 5, 6), HEAD),
            _person(DAO, "Nguyễn Thị Đào", date(1985, 2, 3), SPOUSE),
            _person(LAN, "Trần Thị Lan", date(2012, 9, 9), CHILD),
        ),
    ),
    InventedHousehold(
        code="HK0000000002",
        commune_code="00001",
        detail="Số 7, đường Lê Lợi",
        members=(_person(BINH, "Lê Bình", date(1990, 1, 1), HEAD),),
    ),
)


def plant() -> None:
    """Store the two households."""
    from lienthong.systems.population.seeding import store

    store(HOUSEHOLDS, secret=SECRET, at=AT)


assert LAN.sex is Sex.FEMALE
