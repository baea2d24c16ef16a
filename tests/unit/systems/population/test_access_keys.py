import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.systems.population.register import DAO, DUC

from lienthong.systems.population.access_keys import (
    LINK_DAYS_MAX,
    access_key,
    key_digest,
    last_instant,
    make_link,
    open_link,
)

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
EXPIRES = NOW + timedelta(days=30)
LINK = make_link(DAO, secret="a", expires=EXPIRES)
_SECOND = timedelta(seconds=1)


def test_a_key_has_256_bits_fits_an_address_and_differs_by_person_and_installation() -> None:
    key = access_key(DAO, secret="a")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", key)
    assert len({key, access_key(DUC, secret="a"), access_key(DAO, secret="b"), key_digest(key)}) == 4
    assert access_key(DAO, secret="a") == key


@pytest.mark.parametrize(
    ("at", "opens"), [(NOW, True), (EXPIRES - _SECOND, True), (EXPIRES, False), (EXPIRES + _SECOND, False)]
)
def test_a_link_opens_until_it_expires(at: datetime, *, opens: bool) -> None:
    assert open_link(LINK, secret="a", at=at) == (access_key(DAO, secret="a") if opens else None)


def test_a_link_of_another_installation_opens_nothing() -> None:
    assert open_link(LINK, secret="b", at=NOW) is None


def test_a_link_that_would_live_for_ever_opens_nothing() -> None:
    too_long = NOW + timedelta(days=LINK_DAYS_MAX) + _SECOND
    assert open_link(make_link(DAO, secret="a", expires=too_long), secret="a", at=NOW) is None


def test_another_expiry_or_another_key_needs_another_signature() -> None:
    key, until, tag = LINK.split(".")
    other = access_key(DUC, secret="a")
    for forged in (
        f"{key}.{int(until) + 1}.{tag}",
        f"{key}.0{until}.{tag}",
        f"{other}.{until}.{tag}",
        f"{key}.{until}",
    ):
        assert open_link(forged, secret="a", at=NOW) is None


@given(st.text(max_size=120), st.integers(0, len(LINK)), st.integers(0, len(LINK)))
def test_nothing_else_opens_a_page(text: str, start: int, end: int) -> None:
    changed = LINK[:start] + text + LINK[end:]
    if changed != LINK:
        assert open_link(changed, secret="a", at=NOW) is None


def test_links_of_one_day_are_equal_and_live_at_least_as_long_as_said() -> None:
    assert last_instant(NOW, days=30) == datetime(2026, 12, 26, tzinfo=UTC)
    assert last_instant(NOW.replace(hour=23, minute=59), days=30) == last_instant(NOW.replace(hour=0), days=30)
