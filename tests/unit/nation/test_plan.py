"""A country's folder says that it is one; no other folder is ever emptied."""

from datetime import date
from pathlib import Path

import pytest

from lienthong.nation.errors import FolderError
from lienthong.nation.plan import CountryPlan, found_country, load_country
from lienthong.nation.topology import Network


def plan_in(folder: Path) -> CountryPlan:
    return CountryPlan(folder=folder, network=Network(7), as_of=date(2020, 8, 31))


def test_a_plan_is_found_again(tmp_path: Path) -> None:
    found_country(plan_in(tmp_path / "country"))
    assert load_country(tmp_path / "country") == plan_in(tmp_path / "country")
    assert (tmp_path / "country").stat().st_mode & 0o777 == 0o700


def test_a_country_is_made_anew(tmp_path: Path) -> None:
    found_country(plan_in(tmp_path / "country"))
    (tmp_path / "country" / "old").write_text("of the last one")
    found_country(plan_in(tmp_path / "country"))
    assert not (tmp_path / "country" / "old").exists()


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("ten years of work")
    with pytest.raises(FolderError, match="holds no country"):
        found_country(plan_in(tmp_path))
    assert (tmp_path / "thesis.txt").read_text() == "ten years of work"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "country").write_text("")
    with pytest.raises(FolderError):
        found_country(plan_in(tmp_path / "country"))


def test_no_country_is_said(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="nation up"):
        load_country(tmp_path)
