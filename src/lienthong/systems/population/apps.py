"""The Django application of the population register."""

from django.apps import AppConfig


class PopulationConfig(AppConfig):
    """Population register."""

    name = "lienthong.systems.population"
    label = "population"
    verbose_name = "Cơ sở dữ liệu quốc gia về dân cư"
