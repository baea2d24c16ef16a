"""Who is in the country follows the tables of agencies: mergers take their codes and names with them."""

from datetime import date

import pytest

from lienthong.nation.topology import agency_or_successor, country_on
from lienthong.systems.vocabulary.agency_code import parse_agency_code

BEFORE, AFTER = date(2020, 8, 31), date(2025, 7, 1)


def test_before_the_mergers_binh_phuoc_asks() -> None:
    """Source: Quyết định 20/2020/QĐ-TTg."""
    country = country_on(BEFORE)
    assert (country.asking.code, country.asking.name.vi) == ("000.00.00.H10", "Ủy ban nhân dân tỉnh Bình Phước")
    assert country.managing.name.vi == "Bộ Thông tin và Truyền thông"
    assert country.service == "VN/GOV/000.00.00.G01/population/population"


def test_from_july_2025_dong_nai_asks_in_its_place() -> None:
    """Source: Nghị quyết 202/2025/QH15; Quyết định 09/2025/QĐ-TTg (the code of the same-named province stays)."""
    country = country_on(AFTER)
    assert (country.asking.code, country.asking.name.vi) == ("000.00.00.H19", "Ủy ban nhân dân tỉnh Đồng Nai")
    assert country.managing.name.vi == "Bộ Khoa học và Công nghệ"
    assert country.answering.name.vi == "Bộ Công an"


def test_the_day_before_a_merger_is_still_the_old_country() -> None:
    assert country_on(date(2025, 6, 30)).asking.code == "000.00.00.H10"


def test_an_agency_without_a_successor_is_not_guessed() -> None:
    with pytest.raises(LookupError, match="G99"):
        agency_or_successor(parse_agency_code("G99"), date(2026, 1, 1))


def test_every_server_has_an_address_of_its_own() -> None:
    servers = country_on(AFTER).servers
    assert len({server.host for server in servers}) == len(servers) == 3
    assert country_on(AFTER).provider in servers[1].clients
    assert country_on(AFTER).provider in servers[2].clients
