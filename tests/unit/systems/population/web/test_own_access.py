import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from lxml import html as parser
from tests.unit.systems.population.register import AT, CALLER, DAO, DAY, SECRET

from lienthong.systems.foundation.legal_day import instant_now
from lienthong.systems.population import services
from lienthong.systems.population.access_keys import access_key, make_link

client = Client(SERVER_NAME="localhost")


def path_until(expires: datetime) -> str:
    return f"/own-access/{make_link(DAO, secret=SECRET, expires=expires)}"


PATH = path_until(instant_now() + timedelta(days=30))
pytestmark = pytest.mark.usefixtures("register")


def _page(query: str = "") -> str:
    return client.get(PATH + query).content.decode()


def test_a_citizen_sees_who_read_what_for_what_and_when() -> None:
    services.answer_look_up(CALLER, DAO, on=DAY, at=AT)
    page = _page()
    for fact in ("Ủy ban nhân dân tỉnh Bình Phước", "HS-1", "Tra cứu thông tin công dân", "Nơi thường trú", "10:00"):
        assert fact in page
    english = _page("?lang=en")
    for fact in ("People&#x27;s Committee of Binh Phuoc Province", "Look-up of your record", "31 August 2020"):
        assert fact in english


def test_the_page_shows_neither_the_number_nor_the_name() -> None:
    page = _page()
    assert DAO.digits not in page
    assert "Đào" not in page
    assert "••••••••0001" in page


def test_before_anyone_reads_the_page_says_so() -> None:
    assert "Chưa có cơ quan nào xem dữ liệu của bạn." in _page()
    assert "No organisation has read your data yet." in _page("?lang=en")


EXPIRED = path_until(instant_now() - timedelta(seconds=1)).rpartition("/")[2]
WRONG = {
    "a letter": "x",
    "letters": "A" * 43,
    "a person's number": DAO.digits,
    "a key without a link": access_key(DAO, secret=SECRET),
    "expired": EXPIRED,
    "expired and longer": f"{EXPIRED}x",
    "good for ten years": make_link(DAO, secret=SECRET, expires=instant_now() + timedelta(days=3660)),
    "another installation's": make_link(DAO, secret="another", expires=instant_now() + timedelta(days=30)),
}


@pytest.mark.parametrize("key", WRONG.values(), ids=WRONG)
def test_a_wrong_key_looks_like_any_unknown_address(key: str) -> None:
    headers = {"Accept": "text/html"}
    wrong, unknown = client.get(f"/own-access/{key}", headers=headers), client.get("/nowhere", headers=headers)
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert re.sub(r'href="[^"]*"', "", wrong.content.decode()) == re.sub(r'href="[^"]*"', "", unknown.content.decode())


def test_long_lists_come_in_pages() -> None:
    for _ in range(30):
        services.answer_look_up(CALLER, DAO, on=DAY, at=AT)
    first = parser.fromstring(_page("?lang=en"))
    assert len(first.xpath("//tbody/tr")) == 25
    (more,) = first.xpath("//a[contains(@href, 'before')]/@href")
    second = parser.fromstring(_page(more))
    assert len(second.xpath("//tbody/tr")) == 5
    assert second.get("lang") == "en"


def test_a_nonsense_position_shows_the_first_page() -> None:
    assert client.get(f"{PATH}?before=%00").status_code == 200
    assert client.get(f"{PATH}?before={'9' * 40}").status_code == 200


# WCAG 2.2: 1.3.1 info and relationships, 2.4.1 bypass blocks, 2.4.2 page titled, 3.1.1 and 3.1.2 language.
@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_assistive_technology_finds_its_way(query: str) -> None:
    services.answer_look_up(CALLER, DAO, on=DAY, at=AT)
    page = parser.fromstring(_page(query))
    assert page.get("lang") == (query[-2:] or "vi")
    assert page.xpath("//title")[0].text
    assert page.xpath("//a[@class='skip']/@href") == ["#content"]
    assert page.xpath("//main/@id") == ["content"]
    assert [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3")] == [1, 2, 2]
    assert all(th.get("scope") in {"col", "row"} for th in page.xpath("//th"))
    assert sorted(page.xpath("//nav//a/@lang")) == ["en", "vi"]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert not page.xpath("//script | //@style | //*[@onclick]")
