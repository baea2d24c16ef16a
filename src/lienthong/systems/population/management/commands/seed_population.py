"""``python -m django seed_population``: fill an empty register with invented people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lienthong.systems.foundation.legal_day import legal_day
from lienthong.systems.population import queries
from lienthong.systems.population.seeding import seed_people
from lienthong.systems.vocabulary.errors import UnitsUnknownError


class Command(BaseCommand):
    """Fills an empty register."""

    help = "Fill an empty register with invented people"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--seed", type=int, default=2020, help="same seed, day and number: same people")
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="day they live on, YYYY-MM-DD")
        parser.add_argument("--people", type=int, default=5000, help="how many people")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed, or say why not."""
        if not queries.is_empty():
            raise CommandError("The register already holds people: seed an empty data folder instead.")
        try:
            count = seed_people(seed=options["seed"], people=options["people"], on=options["as_of"] or legal_day())
        except UnitsUnknownError as exc:
            raise CommandError(f"{exc.explanation.en} Choose a later --as-of.") from exc
        self.stdout.write(f"{count} people")
