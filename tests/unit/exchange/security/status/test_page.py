from datetime import timedelta

import pytest
from tests.fakes import server_facts as given
from tests.fakes.instance_seen import NOW

from lienthong.exchange.pages import State, render_page
from lienthong.exchange.security.cycles.timestamps import TimestampState
from lienthong.exchange.security.status.facts import CycleFacts, DiskFacts
from lienthong.exchange.security.status.health import Reason
from lienthong.exchange.security.status.page import status_page

EVERYTHING_WRONG = given.server(
    workers=0,
    disk=DiskFacts(instance="VN", configuration_problem="<none>", keys=(given.key(problem="revoked"),)),
    timestamps=TimestampState(has_tsa=False, problem="no authority"),
    cycles=tuple(CycleFacts(name=n, problem="refused") for n in ("configuration", "ocsp", "timestamp", "index")),
    failures=(given.failure(), given.noted("VN/GOV/000.00.00.G01/population/012345678901")),
)


def test_a_good_page_says_so_first() -> None:
    page = status_page(given.server(), "vi")
    assert [(notice.state, notice.title) for notice in page.notices] == [
        (State.GOOD, "Máy chủ trao đổi được thông điệp")
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_needs_attention_comes_first_with_its_cure(language: str) -> None:
    page = status_page(EVERYTHING_WRONG, language)
    assert [notice.state for notice in page.notices] == [State.BAD] * 4 + [State.WARNING] * 4
    assert all(notice.cure for notice in page.notices)
    html = render_page(page).decode()
    assert "&lt;none&gt;" in html
    assert "<none>" not in html


def test_nothing_of_a_person_reaches_the_page() -> None:
    assert "012345678901" not in render_page(status_page(EVERYTHING_WRONG, "vi")).decode()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason: Reason, language: str) -> None:
    from lienthong.exchange.pages import Texts

    texts = Texts("lienthong.exchange.security.status", language)
    assert len(texts.words(f"ailments.{reason.value}", subject="", detail="")) == 3


def test_warnings() -> None:
    ending = given.key(not_after=NOW + timedelta(days=5))
    past = given.key(not_after=NOW - timedelta(days=5), problem="expired")
    disk = given.disk(keys=(ending, past, given.key(is_spare=True), given.key(not_after=None, ocsp_at=None)))
    facts = given.server(disk=disk, workers=1, timestamp_period=timedelta(0))
    page = status_page(facts, "en")
    assert [notice.title for notice in page.notices if notice.state is State.WARNING] == [
        "Worker processes are missing",
        "The certificate of VN/GOV/000.00.00.G01 ends soon",
    ]
    assert [row[2].text for row in page.tables[1].rows] == ["good", "unusable", "spare", "good"]


@pytest.mark.parametrize(
    ("expires", "text"),
    [(NOW - timedelta(hours=1), "over since 1 hour"), (None, "–"), (NOW + timedelta(1), "1 day left")],
)
def test_validity_of_the_configuration(expires: object, text: str) -> None:
    page = status_page(given.server(disk=given.disk(expires=expires)), "en")
    assert page.tables[0].rows[0][2].text == text


def test_cycles_that_wait_and_fail() -> None:
    cycles = (CycleFacts(name="ocsp"), CycleFacts(name="timestamp", last_good=NOW, problem="x"))
    page = status_page(given.server(cycles=cycles, timestamp_period=timedelta(0)), "en")
    assert [row[1].text for row in page.tables[0].rows] == ["good", "waiting", "failing", "good"]


def test_refusals_that_are_alike_share_a_row_with_the_youngest_on_it() -> None:
    failures = [given.failure(detail="youngest"), *[given.failure()] * 98, given.failure(side="server")]
    shown = status_page(given.server(failures=tuple(failures)), "vi").tables[-1].rows
    assert [(row[0].note, row[1].note) for row in shown] == [("Bên gọi, 99 lần", "youngest"), ("Bên cung cấp", "d-1")]
