"""A register with two households, for tests that need people."""

import pytest
from tests.unit.systems.population.register import plant


@pytest.fixture
def register(records: None) -> None:
    """The two households of ``register.py``."""
    plant()
