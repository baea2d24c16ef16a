from pathlib import Path

import pytest

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.errors import ConfigurationError
from lienthong.systems.population.configuration import PopulationConfig, population_config


def _config(**own: object) -> SystemConfig:
    return SystemConfig(data_folder=Path("unused"), own=own)


def test_nothing_said_takes_the_defaults() -> None:
    assert population_config(_config()) == PopulationConfig(seed=2020, people=5000, link_days=30)


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
def test_a_link_has_a_bounded_life(days: int) -> None:
    with pytest.raises(ConfigurationError, match=r"population\.link_days"):
        population_config(_config(link_days=days))


@pytest.mark.parametrize("own", [{"poeple": 1}, {"people": "1"}])
def test_what_cannot_be_read_is_named(own: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match=r"population\.p"):
        population_config(_config(**own))
