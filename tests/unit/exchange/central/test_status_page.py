from datetime import timedelta

import pytest
from tests.fakes import instances
from tests.fakes.instances import NOW

from lienthong.exchange.central.publication import PublicationStatus
from lienthong.exchange.central.status_page import central_page
from lienthong.exchange.pages import State, render_page

GOOD = PublicationStatus(at=NOW - timedelta(minutes=1), success=True, expires=NOW + timedelta(minutes=9))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (GOOD, State.GOOD),
        (PublicationStatus(), State.WARNING),
        (PublicationStatus(at=NOW, success=False, message="/secret/path"), State.BAD),
        (PublicationStatus(at=NOW - timedelta(hours=1), success=True, expires=NOW), State.BAD),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_publication_comes_first(status: PublicationStatus, state: State, language: str) -> None:
    page = central_page(instances.registry(), status, now=NOW, language=language)
    assert [notice.state for notice in page.notices] == [state]
    assert b"/secret/path" not in render_page(page)


def test_members_and_servers() -> None:
    page = central_page(instances.registry(), GOOD, now=NOW, language="vi")
    publication, members, servers = page.tables
    assert [row[1].text for row in publication.rows] == ["cách đây 1 phút", "còn 9 phút"]
    assert [[cell.text for cell in row] for row in members.rows] == [
        ["Bộ Công an", "VN/GOV/G01", "management, population"]
    ]
    (server,) = servers.rows
    assert [cell.text for cell in server] == ["VN/GOV/G01/ss1", "127.0.1.2", "1", "bảo trì"]
    assert server[3].note == "Bảo trì đến 18 giờ"
    in_service = instances.registry(servers=())
    assert central_page(in_service, GOOD, now=NOW, language="en").tables[2].rows == ()
