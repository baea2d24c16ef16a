from datetime import date
from io import StringIO
from pathlib import Path
from time import process_time

import pytest
from django.core.management import CommandError, call_command

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.errors import ConfigurationError
from lienthong.systems.population import queries
from lienthong.systems.population.models import HouseholdMember, Person, Residence
from lienthong.systems.population.seeding import seed_people, seed_when_empty

pytestmark = pytest.mark.usefixtures("records")


def _config(**own: object) -> SystemConfig:
    return SystemConfig(data_folder=Path("unused"), own=own)


@pytest.mark.parametrize("day", [date(2020, 8, 31), date(2026, 11, 25)])
def test_everyone_has_a_residence_and_a_household(day: date) -> None:
    assert seed_people(seed=1, people=120, on=day) == 120
    assert Person.objects.count() == Residence.objects.count() == HouseholdMember.objects.count() == 120


def test_five_thousand_people_take_less_than_five_seconds() -> None:
    began = process_time()
    seed_people(seed=2020, people=5000, on=date(2020, 8, 31))
    assert process_time() - began < 5


def test_a_register_is_filled_once() -> None:
    assert seed_when_empty(_config(people=10, seed=3)) == 10
    assert seed_when_empty(_config(people=10, seed=3)) == 0


def test_a_register_may_be_left_empty() -> None:
    assert seed_when_empty(_config(people=0)) == 0
    assert queries.is_empty()


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"population\.poeple"):
        seed_when_empty(_config(poeple=10))


def test_the_command_fills_an_empty_register_and_prints_links() -> None:
    said = StringIO()
    call_command("seed_population", "--people", "7", "--as-of", "2025-07-01", stdout=said)
    assert said.getvalue() == "7 people\n"
    links = StringIO()
    call_command("own_access_links", "--first", "2", stdout=links)
    lines = links.getvalue().splitlines()
    assert len(lines) == 2
    assert all("/own-access/" in line for line in lines)
    with pytest.raises(CommandError):
        call_command("seed_population")


def test_the_command_names_the_first_day_it_knows() -> None:
    with pytest.raises(CommandError, match="2020-06-01"):
        call_command("seed_population", "--people", "7", "--as-of", "2019-01-01")
