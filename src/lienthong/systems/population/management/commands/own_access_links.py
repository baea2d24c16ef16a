"""``python -m django own_access_links``: the links that open the pages of some people, for demonstrations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from lienthong.systems.foundation.configuration import SystemConfig
from lienthong.systems.foundation.legal_day import instant_now
from lienthong.systems.population import queries
from lienthong.systems.population.access_keys import last_instant, make_link
from lienthong.systems.population.configuration import PopulationConfig, population_config
from lienthong.systems.vocabulary.person_number import parse_person_number


class Command(BaseCommand):
    """Prints a number and its link on each line."""

    help = "Print the links that open people's own access pages"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--number", action="append", default=[], help="whose link; the first people's without it")
        parser.add_argument("--first", type=int, default=5, help="how many of the first people")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the links."""
        numbers = [parse_person_number(text) for text in options["number"]] or queries.some_numbers(options["first"])
        system: SystemConfig | None = settings.SYSTEM  # the stubs see None where no configuration is named
        days = PopulationConfig().link_days if system is None else population_config(system).link_days
        base_url = "" if system is None else system.base_url
        expires = last_instant(instant_now(), days=days)
        for number in numbers:
            path = reverse("own-access", args=[make_link(number, secret=settings.SECRET_KEY, expires=expires)])
            self.stdout.write(f"{number.digits} {base_url}{path}")
