from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.systems.vocabulary.agency_code import AgencyCode, agencies_at, agency_name, parse_agency_code
from lienthong.systems.vocabulary.errors import AgencyCodeError


@pytest.mark.parametrize(
    ("qcvn_102", "decision_20"),
    [
        ("000.00.00.H10", "H10"),
        ("000.00.18.G12", "G12.18"),  # Tổng cục Thuế
        ("000.02.15.G03", "G03.15.02"),
        ("000.00.14.H20", "H20.14"),
        ("007.02.15.G03", "G03.15.02.007"),
    ],
)
def test_both_written_forms_are_one_agency(qcvn_102: str, decision_20: str) -> None:
    assert parse_agency_code(qcvn_102) == parse_agency_code(decision_20)
    assert str(parse_agency_code(qcvn_102)) == decision_20
    assert parse_agency_code(decision_20).qcvn_form == qcvn_102


@pytest.mark.parametrize(
    "text", ["", "H1", "h10", "000.00.00", "000.00.00.H100", "H10.", "H10" + ".123456" * 6, "H10\n"]
)
def test_other_texts_are_no_agency(text: str) -> None:
    with pytest.raises(AgencyCodeError):
        parse_agency_code(text)


def test_long_codes_have_no_old_form() -> None:
    with pytest.raises(AgencyCodeError):
        _ = parse_agency_code("H10.01.02.003.04").qcvn_form
    with pytest.raises(AgencyCodeError):
        _ = parse_agency_code("H10.123").qcvn_form


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        code = parse_agency_code(text)
    except AgencyCodeError:
        return
    assert parse_agency_code(str(code)) == code


# Quyết định 09/2025/QĐ-TTg: the merged province keeps the code of the same-named one, others close; Huế stays H57.
@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("000.00.00.H10", date(2020, 8, 31), "Ủy ban nhân dân tỉnh Bình Phước"),
        ("000.00.00.H10", date(2025, 7, 1), None),
        ("H57", date(2024, 12, 31), "Ủy ban nhân dân tỉnh Thừa Thiên Huế"),
        ("H57", date(2025, 1, 1), "Ủy ban nhân dân thành phố Huế"),
        ("G01", date(2020, 8, 31), "Bộ Công an"),
        ("000.00.14.H20", date(2020, 8, 31), "Ủy ban nhân dân tỉnh Đồng Tháp"),
        ("G14", date(2025, 3, 1), None),
        ("0101243150", date(2020, 8, 31), None),
    ],
)
def test_agencies_are_named_as_on_the_day(code: str, day: date, name: str | None) -> None:
    found = agency_name(code, day)
    assert (found.vi if found else None) == name


def test_as_many_provinces_have_codes_as_there_are_provinces() -> None:
    for day, count in ((date(2020, 8, 31), 63), (date(2025, 7, 1), 34)):
        assert sum(code.levels[0].startswith("H") for code in agencies_at(day)) == count


def test_whoever_closed_has_a_successor_in_force() -> None:
    after = agencies_at(date(2025, 7, 1))
    closed = [agency for code, agency in agencies_at(date(2025, 1, 15)).items() if code not in after]
    assert closed
    assert all(agency.successor in after for agency in closed)
    assert agencies_at(date(2025, 1, 15))[AgencyCode(("H10",))].successor == AgencyCode(("H19",))
