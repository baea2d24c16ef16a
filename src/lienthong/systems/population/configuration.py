"""The ``[population]`` table of the configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from lienthong.systems.foundation.configuration import SystemConfig, build_section
from lienthong.systems.foundation.errors import ConfigurationError
from lienthong.systems.population.access_keys import LINK_DAYS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationConfig:
    """What the register is told beside what every system is told."""

    seed: int = 2020
    """An empty register is filled when the process first starts: same seed, day and number, same people."""
    people: int = 5000
    """How many people; 0 leaves the register empty."""
    link_days: int = 30
    """How many days a link to a person's own page opens it, from 1."""

    def __post_init__(self) -> None:
        if not 1 <= self.link_days < LINK_DAYS_MAX:
            raise ConfigurationError(f"population.link_days is {self.link_days}: write 1 to {LINK_DAYS_MAX - 1}")


def population_config(config: SystemConfig) -> PopulationConfig:
    """Read the table; raises ConfigurationError for an unknown or ill-typed key."""
    return build_section(PopulationConfig, config.own, "population.")
